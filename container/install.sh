#!/bin/sh
# Installs Headroom into an empty folder: all that the image is made of. The Dockerfile runs it, and so does CI.
# usage: container/install.sh PREFIX   (from the repository's folder)
set -eu

prefix=${1:?usage: container/install.sh PREFIX}
if [ -e "$prefix/package.json" ]; then
  echo "container/install.sh: $prefix is not empty, expected a folder of its own" >&2
  exit 64
fi

# A checkout without a build, as in the image's first stage.
if [ ! -f dist/bin/headroom.js ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  npm run --silent build
fi

mkdir -p "$prefix"
# What the package holds, and what its dependencies are pinned to: a list of files here would fall behind.
package=$(npm pack --silent --ignore-scripts --pack-destination "$prefix")
tar -xzf "$prefix/$package" -C "$prefix" --strip-components=1
rm "$prefix/$package"
cp package-lock.json container/entrypoint.sh "$prefix/"
(
  cd "$prefix"
  # Without aws-cdk-lib too, a development dependency here: stacks are not synthesised in the image.
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --prefer-offline
)
"$prefix/entrypoint.sh" --version
