// Package stock keeps layers of images on the bot's disk. Each is compressed
// once and lies under the digest of what came of it, for another compression of
// the same files would be another digest, and a host would fetch it again.
//
// An image is known by the digest of its configuration, which is its id, and a
// layer by the digest of its unpacked archive. Both are computed here from the
// bytes that came and from nothing that somebody said of them.
package stock
