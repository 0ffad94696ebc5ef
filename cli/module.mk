# cli/ wires the other folders together; of the libraries it needs only what their headers name.
cli_PKGS :=
cli_USES := base parser ingest store reports
cli_DEFINES := -DRUAMILL_VERSION="\"$(VERSION)\""
