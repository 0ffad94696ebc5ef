# ruamill: the top-level Makefile. Non-recursive: every folder has a module.mk that names its
# libraries. `make help` lists the targets.
#
#   BUILD=release|debug|asan|tsan|fuzz   which flags, and which folder under build/
#   CC=clang                        another compiler (gcc otherwise; clang for BUILD=fuzz)
#   DEV=1                           warnings are errors (also when CI=true)
#   V=1                             print whole commands
#   CPPFLAGS, CFLAGS, LDFLAGS       added after ours

VERSION := 0.1.0

BUILD ?= release
prefix ?= /usr/local
FOLDERS := base parser ingest store reports cli

ifeq ($(filter $(BUILD),release debug asan tsan fuzz),)
$(error BUILD is release, debug, asan, tsan or fuzz, not "$(BUILD)")
endif
ifeq ($(origin CC),default)
CC := $(if $(filter fuzz,$(BUILD)),clang,gcc)
endif

# All cores, unless the caller says -j himself. Several goals on one line (`make clean all`) are
# meant one after the other.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(shell nproc)
endif
ifneq ($(word 2,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:
# Keep objects that are only a step on the way to a program.
.SECONDARY:

# The goals of people. `all` comes first: it is what a bare `make` does.
.PHONY: clang-warnings all demo test test-crash check-asan check-tsan fuzz bench lint format man install uninstall deps help clean
all:

# --- flags ------------------------------------------------------------------------------------

# $(call probe,FLAGS): those of FLAGS that the compiler takes.
probe = $(shell for flag in $(1); do \
	$(CC) -Werror $$flag -x c -c /dev/null -o /dev/null 2>/dev/null && echo $$flag; done)

LANGUAGE := -std=c17 -D_POSIX_C_SOURCE=200809L -fno-common -I.

WARNINGS := -Wall -Wextra -Wpedantic -Wformat=2 -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wcast-align -Wwrite-strings -Wundef -Wvla -Wimplicit-fallthrough -Wredundant-decls \
	-Wdouble-promotion -Wnull-dereference \
	-Werror=implicit-function-declaration -Werror=incompatible-pointer-types \
	-Werror=int-conversion -Werror=return-type
# The first line is gcc's, the second clang's.
WARNINGS += $(call probe, \
	-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Werror=jump-misses-init -Walloca \
	-Wformat-signedness -Wformat-truncation=2 -Wstringop-overflow=4 \
	-Wcomma -Wunreachable-code -Wconditional-uninitialized -Wloop-analysis)
ifneq ($(filter 1,$(DEV))$(filter true,$(CI)),)
WARNINGS += -Werror
endif

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

# Fresh variables are zero where users run the program, and garbage where tests look for
# forgotten initialisation.
FLAGS_release = -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fPIE \
	$(call probe,-fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero)
FLAGS_debug = -O0 -g3 -fPIE $(call probe,-ftrivial-auto-var-init=pattern)
FLAGS_asan = -O1 -g -fPIE -fno-omit-frame-pointer $(SANITIZE) \
	$(call probe,-ftrivial-auto-var-init=pattern)
FLAGS_tsan = -O1 -g -fPIE -fno-omit-frame-pointer -fsanitize=thread
FLAGS_fuzz = $(FLAGS_asan) -fsanitize=fuzzer-no-link

LINK_release := -Wl,-z,relro,-z,now,-z,noexecstack
LINK_asan := $(SANITIZE)
LINK_tsan := -fsanitize=thread
LINK_fuzz := $(SANITIZE)

OUR_CFLAGS := $(LANGUAGE) $(WARNINGS) $(FLAGS_$(BUILD))
OUR_LDFLAGS := -pie -Wl,--as-needed $(LINK_$(BUILD))

B := build/$(BUILD)

# $(call remember,FILE,TEXT): a rule for a file that changes only when TEXT does. What depends on
# it is made again when the compiler, a flag or a list of files is another than last time.
define remember
$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(2))' >$$@.new; \
	if cmp -s $$@.new $$@; then rm $$@.new; else mv $$@.new $$@; fi
endef
.PHONY: FORCE
FORCE:

# --- folders ----------------------------------------------------------------------------------

# A module.mk sets
#   X_PKGS    the pkg-config packages of folder X
#   X_USES    the folders whose headers X may include (tests/lint/includes.sh checks it)
# and may add to
#   X_EXTRA   generated C files to compile with X
include $(FOLDERS:%=%/module.mk)

PKGS := $(sort $(foreach folder,$(FOLDERS),$($(folder)_PKGS)))

# $(call pkg_cflags,PACKAGES): libraries' headers are system headers to the compiler, so that it
# warns about our code only. What is missing is reported by `need`, not here.
ask = $(if $(strip $(2)),$(shell pkg-config $(1) $(2) 2>/dev/null))
pkg_cflags = $(patsubst -I%,-isystem%,$(call ask,--cflags,$(1)))
pkg_libs = $(call ask,--libs,$(1))

# A folder's files see the libraries of the folders they may include, and no others.
define rules_of
$(1)_SEES := $$(sort $$($(1)_PKGS) $$(foreach used,$$($(1)_USES),$$($$(used)_PKGS)))
$(1)_CFLAGS := $$(call pkg_cflags,$$($(1)_SEES)) $$($(1)_DEFINES)
$(1)_OBJS := $$(patsubst %.c,$(B)/obj/%.o,$$(wildcard $(1)/*.c) $$($(1)_EXTRA))
$(B)/obj/$(1)/%.o: FOLDER_CFLAGS := $$($(1)_CFLAGS)
endef
$(foreach folder,$(FOLDERS),$(eval $(call rules_of,$(folder))))

OBJS := $(foreach folder,$(FOLDERS),$($(folder)_OBJS))
MAIN_OBJ := $(B)/obj/cli/main.o
LIB_OBJS := $(filter-out $(MAIN_OBJ),$(OBJS))
LIBS := $(call pkg_libs,$(PKGS))

include tests/module.mk

# --- rules ------------------------------------------------------------------------------------

ifeq ($(V),1)
say = @:
Q :=
else
say = @echo "  $(1)" $(subst $(B)/,,$@)
Q := @
endif

# $(call need,PACKAGES): stops with a plain message when one of them is not there.
define need
@missing=; for tool in $(CC) pkg-config; do \
	command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
for package in $(1); do \
	pkg-config --exists $$package 2>/dev/null || missing="$$missing $$package"; done; \
[ -z "$$missing" ] || { echo "Missing:$$missing (tools, or packages of pkg-config)." \
	"'make deps' installs what ruamill needs." >&2; exit 1; }
endef

COMPILER := $(shell $(CC) --version 2>/dev/null | head -n 1)
$(eval $(call remember,$(B)/flags,$(COMPILER) $(OUR_CFLAGS) $(OUR_LDFLAGS) $(CPPFLAGS) $(CFLAGS) \
	$(LDFLAGS) $(foreach folder,$(FOLDERS),$($(folder)_CFLAGS)) $(LIBS)))
$(eval $(call remember,$(B)/objects,$(OBJS)))

$(B)/flags: | $(B)/packages
$(B)/packages: FORCE
	$(call need,$(PKGS))
.PHONY: $(B)/packages

compile = $(CC) $(OUR_CFLAGS) $(FOLDER_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(B)/obj/%.o: %.c $(B)/flags
	$(call say,CC     )
	@mkdir -p $(@D)
	$(Q)$(compile)

$(B)/ruamill: $(OBJS) $(B)/objects
	$(call say,LINK   )
	$(Q)$(CC) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS)

-include $(OBJS:.o=.d)

# What `make lint` compiles a folder's files with, apart from warnings: `make -s flags-parser`.
flags-%:
	@echo '$(LANGUAGE) $($*_CFLAGS)'

# The warnings as clang-tidy is asked for them, which has clang's eyes: `make -s clang-warnings`.
clang-warnings:
	@echo '$(WARNINGS) -Wcomma -Wunreachable-code -Wconditional-uninitialized -Wloop-analysis' \
		'-Wno-unknown-warning-option'

# --- targets ----------------------------------------------------------------------------------

all: $(B)/ruamill

# The libraries may be missing when make starts, and pkg-config is asked while make reads this
# file: so whatever installs them goes on in a make of its own.
DEPS ?= build run test
deps:
	@dist/deps.sh $(DEPS)

# $(call script,FILE,ARGUMENTS)
script = @[ -e $(1) ] || { echo "$(1) is not there." >&2; exit 1; }; $(1) $(2)

demo:
	@dist/deps.sh build run
	@$(MAKE) BUILD=release all
	$(call script,tests/sample/demo.sh,build/release/ruamill)

test:
	@dist/deps.sh build run test
	@$(MAKE) BUILD=release all test-tools
	@$(MAKE) BUILD=asan all test-tools
	@tests/run.sh release asan

check-asan:
	@dist/deps.sh build run test
	@$(MAKE) BUILD=asan all test-tools
	@tests/run.sh asan

test-crash:
	@dist/deps.sh build run test
	@$(MAKE) BUILD=release all
	@RUAMILL=build/release/ruamill CRASHES=$(or $(CRASHES),100) bash tests/integration/crash.sh
	@RUAMILL=build/release/ruamill CRASHES=$(or $(CRASHES),50) bash tests/integration/imap_crash.sh

# criterion cannot run under it: the cases and the program itself, with several workers, can.
check-tsan:
	@dist/deps.sh build run test
	@$(MAKE) BUILD=tsan all test-tools
	@tests/run.sh --only cases tsan
	@tests/run.sh --only threads tsan

bench:
	@dist/deps.sh build run test
	@$(MAKE) BUILD=release all bench-tools
	$(call script,tests/bench/run.sh,$(if $(QUICK),--quick) build/release)

lint:
	@dist/deps.sh build test lint
	@$(MAKE) BUILD=release all
	@tests/lint/run.sh

format:
	clang-format-14 -i $(wildcard */*.[ch] tests/*/*.[ch])

man: build/ruamill.1.txt
	@cat $<

# The page as plain text: bold and underlined letters are overstruck, which sed takes back.
build/ruamill.1.txt: dist/ruamill.1
	@mkdir -p build
	@mandoc -T ascii $< >$@
	@sed -i 's/.\x08//g' $@

install: all
	install -D -m 755 $(B)/ruamill $(DESTDIR)$(prefix)/bin/ruamill
	install -D -m 644 dist/ruamill.1 $(DESTDIR)$(prefix)/share/man/man1/ruamill.1
	install -D -m 644 dist/ruamill.conf.5 $(DESTDIR)$(prefix)/share/man/man5/ruamill.conf.5
	install -d $(DESTDIR)$(prefix)/share/doc/ruamill $(DESTDIR)$(prefix)/lib/systemd/system
	install -m 644 LICENSE README.md dist/ruamill.conf $(DESTDIR)$(prefix)/share/doc/ruamill
	sed 's|/usr/local/bin|$(prefix)/bin|' dist/ruamill.cron | \
		install -m 644 /dev/stdin $(DESTDIR)$(prefix)/share/doc/ruamill/ruamill.cron
	sed 's|/usr/local/bin|$(prefix)/bin|' dist/ruamill.service | \
		install -m 644 /dev/stdin $(DESTDIR)$(prefix)/lib/systemd/system/ruamill.service
	install -m 644 dist/ruamill.timer $(DESTDIR)$(prefix)/lib/systemd/system
	install -d $(DESTDIR)$(prefix)/share/doc/ruamill/cookbook
	install -m 644 sql/cookbook/*.sql $(DESTDIR)$(prefix)/share/doc/ruamill/cookbook

uninstall:
	rm -f $(DESTDIR)$(prefix)/bin/ruamill $(DESTDIR)$(prefix)/share/man/man1/ruamill.1 \
		$(DESTDIR)$(prefix)/share/man/man5/ruamill.conf.5 \
		$(DESTDIR)$(prefix)/lib/systemd/system/ruamill.service \
		$(DESTDIR)$(prefix)/lib/systemd/system/ruamill.timer
	rm -rf $(DESTDIR)$(prefix)/share/doc/ruamill

clean:
	rm -rf build

define HELP
make              builds build/release/ruamill. Needs the libraries (make deps). Half a minute.
make demo         installs what is missing, builds, and shows the program on a sample mailbox.
                  Needs Debian 12 or newer, and root or sudo if anything is missing. Some minutes
                  the first time, then seconds.
make test         installs what is missing, builds with and without sanitizers, runs all tests.
                  Needs the same. Some minutes. The last line counts passed and failed.
make test-crash   kills an ingestion at a hundred points, and one over IMAP at fifty, or each at CRASHES=N,
                  and looks whether it ends as if undisturbed. Needs the same. Minutes; make test does
                  a tenth.
make check-asan   the same with sanitizers only.
make check-tsan   the cases, and ingestion with several workers, under ThreadSanitizer. A minute or two.
make test-unit    builds and runs the unit tests of one BUILD. Needs criterion. A minute.
make fuzz         fuzzes every target for SECONDS=60, or one: FUZZ=fuzz_report. Needs clang.
make bench        builds and measures. Needs what make test needs. Some minutes; QUICK=1: two or three.
make lint         formatting, static analysis, and the rules of this tree. Needs the packages of
                  `make deps DEPS=lint`, which it installs. About three minutes.
make format       formats all C files in place. Needs clang-format-14. A second.
make man          shows the manual page, and leaves it as build/ruamill.1.txt. Needs mandoc.
make install      to prefix=/usr/local, under DESTDIR. make uninstall takes it away again.
make deps         installs Debian packages. DEPS="build run test" unless you name other groups:
                  build, run, test, lint, fuzz. Needs root or sudo. A minute.
make clean        removes build/.

BUILD=release|debug|asan|tsan|fuzz  CC=clang  DEV=1 (warnings are errors)  V=1 (whole commands)
endef
export HELP
help:
	@printf '%s\n' "$$HELP"
