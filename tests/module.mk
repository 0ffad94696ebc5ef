# tests/: one criterion binary of all unit tests, a replay program for each fuzz target, and the
# tools that test scripts use. All are linked with everything but main().

tests_PKGS := criterion
tests_CFLAGS := $(call pkg_cflags,$(PKGS) $(tests_PKGS))

UNIT_SRCS := $(wildcard tests/unit/*.c)
FUZZ_SRCS := $(wildcard tests/fuzz/fuzz_*.c)
TOOL_SRCS := $(wildcard tests/cases/*.c tests/integration/*.c)

UNIT_OBJS := $(UNIT_SRCS:%.c=$(B)/obj/%.o)
FUZZ_OBJS := $(FUZZ_SRCS:%.c=$(B)/obj/%.o)
TOOL_OBJS := $(TOOL_SRCS:%.c=$(B)/obj/%.o)
REPLAY_OBJ := $(B)/obj/tests/fuzz/replay.o

UNIT := $(if $(UNIT_SRCS),$(B)/tests/unit)
FUZZERS := $(FUZZ_SRCS:tests/fuzz/%.c=$(B)/tests/%)
TOOLS := $(foreach source,$(TOOL_SRCS),$(B)/tests/$(basename $(notdir $(source))))

$(B)/obj/tests/%.o: FOLDER_CFLAGS := $(tests_CFLAGS)
# libFuzzer has no header that would declare the entry point.
$(B)/obj/tests/fuzz/%.o: FOLDER_CFLAGS := $(tests_CFLAGS) -Wno-missing-prototypes

.PHONY: test-tools test-unit fuzz-targets $(B)/criterion

test-tools: $(UNIT) $(FUZZERS) $(TOOLS) $(B)/tests/bench/measure

test-unit: $(B)/ruamill $(UNIT)
	@tests/run.sh --only unit $(BUILD)

# $(call link,LIBRARIES AND FLAGS)
link = $(CC) $(OUR_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS) $(1)

$(eval $(call remember,$(B)/unit-objects,$(UNIT_OBJS)))
ifneq ($(UNIT_OBJS),)
$(UNIT_OBJS): | $(B)/criterion
endif
$(B)/criterion:
	$(call need,$(tests_PKGS))

$(B)/tests/unit: $(UNIT_OBJS) $(LIB_OBJS) $(B)/unit-objects $(B)/objects
	$(call say,LINK   )
	@mkdir -p $(@D)
	$(Q)$(call link,$(call pkg_libs,$(tests_PKGS)))

# A fuzz target finds its inputs itself in BUILD=fuzz, and replays stored ones in all others.
ifeq ($(BUILD),fuzz)
FUZZ_LIBS := -fsanitize=fuzzer
else
FUZZ_MAIN := $(REPLAY_OBJ)
endif

$(B)/tests/fuzz_%: $(B)/obj/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(LIB_OBJS) $(B)/objects
	$(call say,LINK   )
	@mkdir -p $(@D)
	$(Q)$(call link,$(FUZZ_LIBS))

define tool
$(B)/tests/$(basename $(notdir $(1))): $(1:%.c=$(B)/obj/%.o) $(LIB_OBJS) $(B)/objects
	$$(call say,LINK   )
	@mkdir -p $$(@D)
	$$(Q)$$(call link)
endef
$(foreach source,$(TOOL_SRCS),$(eval $(call tool,$(source))))
# A server of TLS is there in tests only.
$(B)/tests/imapd: LIBS += $(call pkg_libs,libssl)

# The programs of `make bench`: a file with a header of its own belongs to all of them.
BENCH_OBJS := $(patsubst %.c,$(B)/obj/%.o,$(wildcard tests/bench/*.c))
BENCH_SHARED := $(filter $(patsubst %.h,$(B)/obj/%.o,$(wildcard tests/bench/*.h)),$(BENCH_OBJS))
BENCH_TOOLS := $(patsubst $(B)/obj/%.o,$(B)/%,$(filter-out $(BENCH_SHARED),$(BENCH_OBJS)))

.PHONY: bench-tools
bench-tools: $(BENCH_TOOLS) $(B)/tests/bomb $(B)/tests/responder

$(BENCH_TOOLS): $(B)/%: $(B)/obj/%.o $(BENCH_SHARED) $(LIB_OBJS) $(B)/objects
	$(call say,LINK   )
	@mkdir -p $(@D)
	$(Q)$(call link)

-include $(patsubst %.o,%.d,$(UNIT_OBJS) $(FUZZ_OBJS) $(TOOL_OBJS) $(BENCH_OBJS) $(REPLAY_OBJ))

# Each target runs over what earlier runs found and what is kept in the tree. New finds are for
# the build folder; whoever fixes a crash moves its input to tests/fuzz/corpus/.
FUZZ ?= $(FUZZ_SRCS:tests/fuzz/%.c=%)
SECONDS ?= 60

fuzz-targets: $(FUZZERS)

fuzz:
	@dist/deps.sh build fuzz
	@$(MAKE) BUILD=fuzz fuzz-targets
	@status=0; for name in $(FUZZ); do \
		echo "== $$name, $(SECONDS) s"; \
		found=build/fuzz/corpus/$$name kept=tests/fuzz/corpus/$$name; \
		dict=tests/fuzz/$$name.dict; \
		mkdir -p $$found; \
		[ -d $$kept ] || kept=; \
		[ -f $$dict ] && dict=-dict=$$dict || dict=; \
		build/fuzz/tests/$$name -max_total_time=$(SECONDS) -timeout=10 $$dict \
			-artifact_prefix=build/fuzz/$$name- $$found $$kept || status=1; \
	done; exit $$status
