# cli/ wires the other folders together; of the libraries it needs only inih, for ruamill.conf.
cli_PKGS := inih
cli_USES := base parser ingest store reports
cli_DEFINES := -DRUAMILL_VERSION="\"$(VERSION)\""
