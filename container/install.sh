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

mkdir -p "$prefix/bench/local"
cp package.json package-lock.json "$prefix/"
cp -R dist examples container/entrypoint.sh "$prefix/"
cp bench/local/*.sh bench/local/*.xml "$prefix/bench/local/"
(
  cd "$prefix"
  # Without aws-cdk-lib too, a development dependency here: stacks are not synthesised in the image.
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error --prefer-offline
)
"$prefix/entrypoint.sh" --version
