# What this project does, on a machine with make and Python 3.11 or newer. `make` alone lists it.

PYTHON ?= python3
UV ?= uv

BIN := .venv/bin
SAM := SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam
RUNTIME := 3.13

# Every lock is complete, so pip resolves nothing: it fetches what is named and checks the hashes.
PIP := -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --no-deps --require-hashes

.PHONY: help venv tools demo demo-judge test soak schema bench-verifiers evidence bench build lock clean python-of-the-function \
	build-RewardRouterFunction build-RewardRouterCodeFunction

help:
	@echo "make demo    score the example rollouts: no AWS account, nothing to set up"
	@echo "make demo-judge  the same, with the judges asked over HTTP at a Bedrock on loopback"
	@echo "make test    linter, formatter, types and tests, the conformance tests included"
	@echo "make soak    10,000 random batches before random models, in virtual time; SEEDS for another number"
	@echo "make bench   the numbers, measured here"
	@echo "make bench-verifiers  how right and how sure the verifiers are, beside their peers; ROLLOUTS names the rollouts' folder"
	@echo "make evidence  benchmarks/evidence.json again: how often each situation of each verifier is right"
	@echo "make build   the Lambda's artifact, in .aws-sam/build; then: sam deploy --guided"
	@echo "make venv    .venv from requirements/dev.txt; every target above calls it"
	@echo "make tools   .tools: the SAM CLI, the runtime emulator and AWS's reward check, for test and build"
	@echo "make schema  config/policy.schema.json again, from the code"
	@echo "make lock    requirements/*.txt again from pyproject.toml; needs uv"
	@echo "make clean   all of that away"

# --- environments: made once, and again when their lock is newer -------------------------------------

venv: .venv/.made
.venv/.made: requirements/build.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is no Python 3.11 or newer; name one: make PYTHON=python3.13"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python $(INSTALL) -r requirements/build.txt
	$(BIN)/python $(INSTALL) --no-build-isolation -r requirements/dev.txt
	@touch $@

tools: .tools/.made
.tools/.made: requirements/sam.txt requirements/conformance.txt requirements/runtime.txt | venv
	rm -rf .tools
	$(BIN)/python -m venv .tools/sam
	.tools/sam/bin/python $(INSTALL) -r requirements/sam.txt
	$(BIN)/python $(PIP) download --quiet --no-deps --require-hashes --only-binary=:all: \
		--dest .tools/conformance -r requirements/conformance.txt
	$(BIN)/python $(INSTALL) --target .tools/runtime --only-binary=:all: --python-version $(RUNTIME) \
		--platform manylinux2014_$$(uname -m) --platform manylinux_2_28_$$(uname -m) -r requirements/runtime.txt
	@touch $@

# --- daily work --------------------------------------------------------------------------------------

demo: venv
	$(BIN)/python -m router score examples/rollouts.jsonl --summary

demo-judge: venv
	@echo "The Bedrock on loopback gives every answer the best verdict: look at the path, not at the rewards."
	$(BIN)/python -m tests.local.bedrock --latency 0.3 -- \
		$(BIN)/python -m router score examples/rollouts.jsonl --summary --judge bedrock

test: venv tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

SEEDS ?= 10000
soak: venv
	$(BIN)/python -m tests.simulated.soak --seeds $(SEEDS)

bench: venv tools
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.coldstart
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.sandbox
	$(BIN)/python -m benchmarks.calls
	$(BIN)/python -m benchmarks.makespan
	$(BIN)/python -m benchmarks.once
	$(BIN)/python -m benchmarks.cost
	$(BIN)/python -m benchmarks.coverage
	$(BIN)/python -m benchmarks.escalation
	$(BIN)/python -m benchmarks.logs

bench-verifiers: venv
	$(BIN)/python -m benchmarks.accuracy
	$(BIN)/python -m benchmarks.race
	$(BIN)/python -m benchmarks.calibration

evidence: venv
	$(BIN)/python -m benchmarks.evidence

schema: venv
	$(BIN)/python -m router.policy.schema

build: tools
	$(SAM) build

clean:
	rm -rf .venv .tools .aws-sam .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -prune -exec rm -rf {} +

# --- locks: one for the function, one for work, one for each tool that cannot share an environment -----

# Pins stay where they are while they fit; delete a file first to have everything in it renewed.
COMPILE := UV_PYTHON_DOWNLOADS=never $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header
lock:
	echo 'setuptools' | $(COMPILE) - -o requirements/build.txt
	$(COMPILE) pyproject.toml --extra cli --group dev --group bench -o requirements/dev.txt
	$(COMPILE) pyproject.toml -c requirements/dev.txt -o requirements/lambda.txt
	echo "awslambdaric; sys_platform == 'linux'" | $(COMPILE) - -c requirements/dev.txt -o requirements/runtime.txt
	echo 'aws-sam-cli==1.170.0' | $(COMPILE) - -o requirements/sam.txt
	echo 'sagemaker-train==1.27.0' | $(COMPILE) - --no-deps -o requirements/conformance.txt

# --- the artifact: `sam build` calls this here, in the clone, with ARTIFACTS_DIR set -------------------

# Make is told neither the template's architecture nor its parameters; SAM writes down the first beforehand.
ARCHITECTURE ?= $(shell sed -n '/^architecture/{s/.*"\(.*\)"/\1/p;q;}' "$(ARTIFACTS_DIR)/../../build.toml")
MACHINE = $(subst arm64,aarch64,$(ARCHITECTURE))

# The services that botocore may meet here. The other four hundred are nine tenths of its size.
SERVICES := bedrock-runtime dynamodb lambda s3 sso sso-oidc sts
NEVER_RUNS := tests __pycache__ *.pyx *.pxd *.pyi *.c *.h RECORD policy.schema.json

# Two functions of the template, one artifact.
build-RewardRouterFunction build-RewardRouterCodeFunction: venv
	@test -n "$(MACHINE)" || { echo "SAM names no architecture; build with ARCHITECTURE=arm64 or x86_64"; exit 1; }
	$(BIN)/python $(INSTALL) --target "$(ARTIFACTS_DIR)" --no-compile --only-binary=:all: --implementation cp \
		--python-version $(RUNTIME) --platform manylinux2014_$(MACHINE) --platform manylinux_2_28_$(MACHINE) \
		--no-binary langdetect --no-build-isolation -r requirements/lambda.txt
	cp -R router verifiers judges config "$(ARTIFACTS_DIR)"
	cd "$(ARTIFACTS_DIR)" && rm -rf bin share router/__main__.py router/commands
	cd "$(ARTIFACTS_DIR)" && find . $(NEVER_RUNS:%=-name '%' -o) -false | xargs rm -rf
	cd "$(ARTIFACTS_DIR)/botocore/data" && find . -mindepth 1 -maxdepth 1 -type d $(SERVICES:%=! -name %) -exec rm -rf {} +
	$(BIN)/python -m router.policy.compiled "$(ARTIFACTS_DIR)/config"
	@if python=$$($(FIND_FUNCTION_PYTHON)); then \
		echo "byte code by $$python"; \
		$$python -m compileall -q -j 0 --invalidation-mode unchecked-hash \
			-s "$(ARTIFACTS_DIR)" -p /var/task "$(ARTIFACTS_DIR)"; \
	else \
		echo "No Python $(RUNTIME) here, so no byte code: a cold function's first question to a judge takes half a second longer."; \
	fi

# FUNCTION_PYTHON=/path/to/python3.13 names one that stands elsewhere. Each candidate has to run: a pyenv shim
# may be on the PATH with no version behind it.
FIND_FUNCTION_PYTHON = for p in "$$FUNCTION_PYTHON" python$(RUNTIME) \
		"$$(pyenv root 2>/dev/null)"/versions/$(RUNTIME).*/bin/python; do \
	"$$p" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$(RUNTIME)')" 2>/dev/null \
		&& echo "$$p" && exit; done; false
python-of-the-function:
	@$(FIND_FUNCTION_PYTHON)
