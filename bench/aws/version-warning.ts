/** The AWS client warns on standard error of the Node.js versions that its later releases will need; ours is pinned. */
const variable = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Creates a client without the warning, which it gives when it is created. */
export function withoutVersionWarning<T>(create: () => T): T {
  process.env[variable] ??= 'true';
  return create();
}
