# reports/: tables on a terminal.
reports_PKGS := smartcols
reports_USES := base parser store

# catalogue.c embeds the catalogue of senders: the compiler's list of headers does not show it.
$(B)/obj/reports/catalogue.o: reports/senders.catalogue
