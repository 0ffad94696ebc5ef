# ingest/: MIME, gzip, zip, IMAP, and digests of what was read.
ingest_PKGS := gmime-3.0 zlib libzip libcrypto libcurl
ingest_USES := base parser
