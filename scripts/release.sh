#!/bin/sh
# Builds what is released into a folder: static binaries, the Debian packages, a bill
# of materials, and the checksums of all. The same source and Go make the same bytes.
set -eu

version=$1 dist=$2
nfpm=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0                       # MIT
sbom=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0     # Apache-2.0

case $version in
[0-9]*) ;;
*)
    echo "VERSION begins with a digit, as 0.1.0. Type: make release VERSION=0.1.0" >&2
    exit 2
    ;;
esac
maintainer=${MAINTAINER:-$(git log -1 --format='%an <%ae>')} # whoever builds it answers for it
epoch=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH="$epoch" CGO_ENABLED=0
rm -rf "$dist"
mkdir -p "$dist"

for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do
    GOOS=${target%/*} GOARCH=${target#*/} go build -trimpath -tags nethttpomithttp2 -ldflags="-s -w -buildid=" -o "$dist/bot-${target%/*}-${target#*/}" ./cmd/bot
done
native=$dist/bot-linux-$(go env GOARCH)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$native" man | gzip -9n >"$work/bot.1.gz"
for shell in bash zsh fish; do "$native" completion "$shell" >"$work/bot.$shell"; done
cp deploy/debian/lintian-overrides "$work/lintian-overrides"
printf 'vmqbot (%s-1) unstable; urgency=medium\n\n  * What changed stands in the repository.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(date -R -u -d "@$epoch")" | gzip -9n >"$work/changelog.Debian.gz"
for arch in amd64 arm64; do
    cp "$dist/bot-linux-$arch" "$work/bot-linux-$arch"
    sed "s|\${ARCH}|$arch|g; s|\${VERSION}|$version|g; s|\${DIST}|$work|g; s|\${MAINTAINER}|$maintainer|g" deploy/debian/nfpm.yaml >"$work/nfpm-$arch.yaml"
    go run "$nfpm" package --packager deb --config "$work/nfpm-$arch.yaml" --target "$dist/"
done
go run "$sbom" bin -json -version "$version" -output "$dist/bot.cdx.json" "$dist/bot-linux-amd64" # of what is shipped, not of go.mod
(cd "$dist" && sha256sum -- * >SHA256SUMS)
