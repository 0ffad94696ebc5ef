# store/: PostgreSQL, the digests that keys are made of, and payloads packed.
store_PKGS := libpq libcrypto zlib
store_USES := base parser

# The migrations are part of the program: one generated file embeds them all, in order of their
# numbers. The list of names is remembered, so that a removed migration is noticed too.
MIGRATIONS := $(sort $(wildcard sql/migrations/*.sql))
ifneq ($(MIGRATIONS),)
store_EXTRA := build/gen/embedded_sql.c
endif

$(eval $(call remember,build/gen/migrations,$(MIGRATIONS)))

build/gen/embedded_sql.c: $(MIGRATIONS) build/gen/migrations
	@{ \
	echo '/* Made by store/module.mk of sql/migrations/. */'; \
	echo '#include "base/embed.h"'; \
	echo '#include "store/migrations_embedded.h"'; \
	echo; \
	for file in $(MIGRATIONS); do \
		name=$${file##*/}; \
		echo "EMBED_FILE(migration_$${name%%_*}, \"$$file\");"; \
	done; \
	echo; \
	echo 'const struct embedded embedded_migrations[] = {'; \
	for file in $(MIGRATIONS); do \
		name=$${file##*/}; symbol=migration_$${name%%_*}; \
		echo "	{ \"$$name\", $$symbol, $${symbol}_end },"; \
	done; \
	echo '};'; \
	echo 'const size_t embedded_migrations_count = $(words $(MIGRATIONS));'; \
	} >$@
