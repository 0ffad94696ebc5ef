# ingest/: MIME, gzip, zip, and digests of what was read.
ingest_PKGS := gmime-3.0 zlib libzip libcrypto
ingest_USES := base parser
