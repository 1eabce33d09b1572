/** Where up, down and status look for a cluster when no --dir is given, under the working directory. */
export const defaultClusterDir = '.headroom/local';
