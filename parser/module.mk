# parser/: XML, organisational domains, and domain names in other scripts.
parser_PKGS := libxml-2.0 libpsl libidn2
parser_USES := base
