# reports/: tables on a terminal, and names out of DNS.
reports_PKGS := smartcols libcares
reports_USES := base parser store
# c-ares 1.28 and later would have its records parsed in another way than 1.18 can.
reports_DEFINES := -DCARES_NO_DEPRECATED

# catalogue.c embeds the catalogue of senders: the compiler's list of headers does not show it.
$(B)/obj/reports/catalogue.o: reports/senders.catalogue
