# The commands of this repository; `make help` lists them. Each installs what it needs and is
# missing (distribution packages; where it may not, it prints the command to run and stops),
# configures, builds and runs. The work is done by short scripts in scripts/ and by CMake.
MAKEFLAGS += --no-print-directory
JOBS ?= $(shell nproc)
install = @scripts/install.sh
# Before anything large is fetched for nothing.
shared := $(or $(CAIRN_SHARED),../shared)
need_data = @[ -d "$(shared)/data" ] || { echo "cairn: there is no folder $(shared)/data;" \
            "let CAIRN_SHARED name the folder that holds data/" >&2; exit 1; }
# $(call build,PRESET,TARGETS): configures and builds; the release build is in build/, the others
# in build/PRESET.
build = cmake --preset $(1) --log-level=NOTICE && \
        cmake --build --preset $(1) --parallel $(JOBS) $(if $(2),--target $(2))
# The folder of chapter N; where there is none, the chapters are listed.
chapter = $(or $(shell scripts/chapter.sh "$(N)"),$(error no chapter is named))

all:  ## the release build: build/cairn
	$(install) build
	@$(call build,release,cairn_tool)

demo:  ## from corpus to classifier, no download: two minutes to build, two to run (SEEDS=3: over three seeds)
	$(install) build
	@$(call build,release,cairn_tool)
	build/cairn demo $(if $(SEEDS),--seeds $(SEEDS))

install:  ## builds and installs the libraries and build/cairn (PREFIX=DIR; else /usr/local)
	$(install) build
	@$(call build,release,cairn_installed)
	cmake --install build $(if $(PREFIX),--prefix $(PREFIX))

tutorial:  ## builds and runs the program of a chapter (N=01)
	$(install) build
	@$(call build,release,tutorial_$(chapter))
	@build/tutorials/$(chapter)

test:  ## builds everything and runs the tests (the longest: test-course, test-walks)
	$(install) test
	@$(call build,release)
	ctest --preset release --parallel $(JOBS) --label-exclude trains

fixtures:  ## build/fixtures, which compares Cairn with reference values (tests/fixtures/README.md)
	$(install) build
	@$(call build,release,fixtures)

debug:  ## -O0 -g3 in build/debug, for stepping through; N=02 starts the debugger in that chapter's walk
	$(install) build $(if $(N),debugger)
	@$(call build,debug,$(if $(N),tutorial_$(chapter),cairn_tool tutorials))
	$(if $(N),@scripts/debug.py build/debug/tutorials/$(chapter) $(DEBUGGER))

test-walks:  ## plays the chapters' walks in gdb and lldb and compares their transcripts
	$(install) test debugger
	@$(call build,debug,debugger_programs)
	ctest --preset debug --label-regex walks

walks-sync:  ## records the transcripts of the chapters' walks anew (in the debuggers that are there)
	$(install) test debugger
	@$(call build,debug,walks_sync)

test-course:  ## the companion, make mine, make bug, and the check on files that crash or never end
	$(install) test course
	@cd tools/course && JOBS=$(JOBS) python3 -c \
	  'import exercises as e; a = e.all_exercises(); e.prepare([a["softmax"], a["broadcast_shapes"]])'
	@$(call build,release,cairn_tool tutorials)
	ctest --preset release --label-regex course

test-debug:  ## builds the tests with -O0 -g3 in build/debug and runs them
	$(install) test
	@$(call build,debug,cairn_tests cairn64_tests)
	ctest --preset debug --parallel $(JOBS) --label-regex case

sanitize:  ## the tests under the address, undefined-behaviour and thread sanitizers
	$(install) test
	@JOBS=$(JOBS) scripts/sanitize.sh

test-clang:  ## builds with clang 15 in build/clang and runs the tests of the library and the program
	$(install) test clang
	@$(call build,clang)
	ctest --preset clang --parallel $(JOBS) --label-exclude 'course|package' \
	  --exclude-regex '^mutants: the ops|^prose: tutorials/1[01]_'

test-arm64:  ## cross-builds for 64-bit Arm and runs the tests of the core under qemu-user
	$(install) test arm64
	@$(call build,arm64,cairn_tests cairn64_tests)
	@scripts/test_arm64.sh

mutants:  ## plants mistakes that the tests must notice (GROUP=ops, all, exercises; COUNT, SEED, ONLY)
	$(install) test
	@$(call build,release,mutants $(filter exercises,$(GROUP)))
	build/mutants --group $(or $(GROUP),ops) --jobs $(JOBS) $(if $(COUNT),--count $(COUNT)) \
	  $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only '$(ONLY)')

docs-sync:  ## renews the code, numbers and figures on the pages, from the programs
	$(install) build
	@$(call build,release,docs_sync)

check:  ## the verdicts on your answers to the exercises in mine/ (MINE=softmax,...: these)
	$(install) build course
	@JOBS=$(JOBS) python3 tools/course/check.py '$(MINE)'

learn:  ## the companion: shows the next exercise, watches mine/, checks what you save
	$(install) build course
	@JOBS=$(JOBS) python3 tools/course/learn.py

learn-check:  ## the same checks without a terminal (N=02: of that chapter)
	$(install) build course
	@JOBS=$(JOBS) python3 tools/course/learn.py --check $(N)

mine:  ## trains a BERT with your functions in mine/, and shows how much of it is yours
	$(install) build course
	@$(call build,release,cairn_tool)
	@JOBS=$(JOBS) python3 tools/course/mine.py

bug:  ## a chapter's program with a mistake planted (N=01; ANSWER="core/...:LINE kind"; DEBUG=1)
	$(install) build course $(if $(DEBUG),debugger)
	@$(call build,$(if $(DEBUG),debug,release),tutorial_$(chapter))
	@python3 tools/course/bug.py $(chapter) --answer '$(ANSWER)' \
	  $(if $(DEBUG),--build build/debug --debug)

test-browser:  ## the HTML pages in Chromium: by keyboard, light and dark, at 360 px
	$(install) build browser
	@$(call build,release,example_explain pages)
	@mkdir -p out && build/examples/explain out/trace.html && build/tests/pages out/pages
	python3 tests/browser.py out/trace.html out/pages/*.html $(wildcard out/demo/report.html)

docs:  ## the API reference in build/docs/html
	$(install) docs
	@scripts/docs.sh

minilm:  ## fetches a real pretrained BERT (MiniLM, 91 MB) into data/minilm-l6
	$(install) python
	@scripts/minilm.sh

parity:  ## trains and saves as Hugging Face Transformers does, both ways, and compares
	$(need_data)
	$(install) build python
	@$(call build,release,cairn_tool)
	@scripts/python.sh torch==2.13.0 transformers==5.23.0 safetensors numpy
	build/venv/bin/python scripts/parity.py

bench-gemm:  ## matrix products as a fraction of the machine's peak
	$(install) build
	@$(call build,release,bench_gemm)
	build/bench/gemm

bench-ops:  ## the speed of the ops, from their records (Google Benchmark)
	$(install) build benchmark
	@$(call build,release,bench_ops)
	build/bench/ops $(if $(FILTER),--benchmark_filter='$(FILTER)')

bench-activation-checkpoint:  ## what activation checkpointing saves and costs
	$(install) build
	@$(call build,release,bench_activation_checkpoint)
	build/bench/activation_checkpoint

bench-overhead:  ## what autograd costs a tiny multiplication, beside PyTorch
	$(install) build python
	@$(call build,release,bench_overhead)
	@scripts/python.sh torch==2.13.0 numpy || true
	build/venv/bin/python scripts/bench_overhead.py

bench-peers:  ## fine-tuning speed and memory beside Hugging Face Transformers
	$(need_data)
	$(install) build python
	@$(call build,release,cairn_tool)
	@scripts/python.sh torch==2.13.0 transformers==5.23.0 safetensors numpy
	build/venv/bin/python scripts/bench_peers.py

lines:  ## how long the code is, and the order in which to read it
	@scripts/lines.sh

format:  ## clang-format over all C++ files
	$(install) format
	@scripts/style.sh format

style:  ## what `make format` would change, and clang-tidy over the library and the program
	$(install) style
	@JOBS=$(JOBS) scripts/style.sh check
	@JOBS=$(JOBS) scripts/style.sh tidy core nn optim text models train tools

style-all: style  ## the same, and clang-tidy over the tests, tutorials and examples
	$(install) test
	@JOBS=$(JOBS) scripts/style.sh tidy tests tutorials examples template

clean:  ## removes build/ and out/
	rm -rf build out

help:  ## this list
	@sed -n 's/^\([a-z0-9-]*\):  ## \(.*\)/\1|\2/p' Makefile | \
	  while IFS='|' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

.PHONY: all demo install tutorial check learn learn-check mine bug test test-course fixtures debug \
        test-walks walks-sync test-debug sanitize test-clang test-arm64 test-browser mutants \
        docs-sync docs minilm parity bench-gemm bench-ops bench-activation-checkpoint \
        bench-overhead bench-peers lines format style style-all clean help
