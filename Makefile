PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CDK := node_modules/.package-lock.json
BROWSER := $(VENV)/.browser
FONTS := tools/fonts/node_modules/.package-lock.json
LAYERS := powertools imaging html

# Compiled modules are kept, whatever the shell says: the tests start hundreds of Python processes.
unexport PYTHONDONTWRITEBYTECODE

# What a person typed for a variable, quoted for the shell: make itself would take the $ in IMAGES=/tmp/a$b for its own.
as_typed = $(if $(filter undefined,$(origin $(1))),,$(1)='$(subst ','\'',$(value $(1)))')

.DEFAULT_GOAL := help
.PHONY: help run test coverage soak mutants simulate bench matrix bootstrap deploy diff destroy check format docs record mails labels-report pictures lock

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY)  ## Label photos on this machine: IMAGES="folder or files", ONCE=1 to stop after the last, MAILS=1 to print whole mails, PORT=4566, MODEL=my.onnx, RECOGNIZER=rekognition
	@$(foreach name,IMAGES MODEL MODEL_LABELS SETTINGS RECOGNIZER,$(call as_typed,$(name))) $(BIN)/imagelabels run

test: $(READY) $(CDK) $(BROWSER)  ## Run every test that needs no AWS account
	@$(BIN)/python -m pytest -n 5 -m "not soak"

coverage: $(READY) $(CDK)  ## Run the same tests with coverage of functions/, imagelabels/ and infra/; fail under 90 %
	@$(BIN)/python -m pytest -n 4 -m "not soak" --cov --cov-report=term:skip-covered

soak: $(READY) $(CDK)  ## Run the long versions of the tests: bursts, every fault, many seeds
	@$(BIN)/python -m pytest -m soak --capture=no

mutants: $(READY)  ## Put faults into copies of the code and print those that no test notices: SEED=1, COUNT=60; OF="functions/send_digest" for all of these files or folders
	@$(BIN)/python -m tools.mutants $(or $(SEED),1) $(or $(COUNT),$(if $(OF),100000,60)) $(OF)

simulate: $(READY)  ## Simulate libraries of up to ten million photos and write docs/scale.md; takes minutes
	@PYTHONPATH=functions $(BIN)/python -m tools.simulation

bench: $(READY)  ## Measure the pipeline beside one that does nothing, and cold starts: ROUNDS=5, PHOTOS=40; takes minutes
	@PYTHONPATH=functions $(BIN)/python -m tools.bench $(or $(ROUNDS),5) $(or $(PHOTOS),40)

matrix: $(READY)  ## Run every fault on every call and write docs/fault-matrix.md
	@PYTHONPATH=functions $(BIN)/python -m tests.faults.matrix

bootstrap: $(READY)  ## Set up the CDK in the AWS account and region of your credentials, once
	@$(BIN)/imagelabels bootstrap

deploy: $(READY)  ## Deploy on AWS: EMAIL=you@example.com, OPERATORS_EMAIL=, STAGE=dev or prod, SETTINGS="digestSeconds=0"; what is not given stays
	@$(BIN)/imagelabels deploy

diff: $(READY)  ## Show what a deploy with the same settings would change
	@$(BIN)/imagelabels diff

destroy: $(READY)  ## Ask, then take the stack away with all its data; STOP=1 stops running executions
	@$(BIN)/imagelabels destroy

check: $(READY)  ## Check format, lint and types; change nothing
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(READY)  ## Format the code and mend what the linter can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(READY)  ## Write the generated pages of docs/ anew
	@$(BIN)/python -m tools.documents
	@PYTHONPATH=functions $(BIN)/python -m tests.images.page 2>/dev/null

record: $(READY)  ## Record what the states of a new release hand on, for the tests of executions in flight
	@PYTHONPATH=functions:. $(BIN)/python -m tests.workflow.recorded >/dev/null

mails: $(READY)  ## Write the example mails in docs/mails/ anew
	@$(BIN)/python -m tests.mails.golden

labels-report: $(READY)  ## Measure the local recognizer on photographs and write docs/labels.md
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.local.labels_report

pictures: $(READY) $(BROWSER) $(FONTS)  ## Take the pictures of `imagelabels watch`, of the console and of the mails again
	@$(BIN)/python -m tools.pictures
	@$(BIN)/python -m tools.console_pictures
	@$(BIN)/python -m tools.mail_pictures

lock: $(READY)  ## Lock the newest allowed versions of everything, with hashes
	@$(BIN)/uv pip compile $(LOCK) --universal --python-version 3.11 --all-extras pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile $(LOCK) --universal --python-version 3.11 requirements-uv.in -o requirements-uv.txt
	@for layer in $(LAYERS); do $(BIN)/uv pip compile $(LOCK) --python-version 3.14 \
	  --python-platform aarch64-manylinux_2_28 -c requirements.txt \
	  layers/$$layer/requirements.in -o layers/$$layer/requirements.txt; done

LOCK := --quiet --upgrade --no-emit-index-url --generate-hashes --custom-compile-command "make lock"

# While npm waits for the network (8 s), compile what the tests import (10 s of processor time on two cores). The four
# test processes, which would compile much of it several times, then need 16 s instead of 28 s to collect (2026-11-25).
$(CDK): package-lock.json | $(READY)
	@$(BIN)/python -c "import tests.conftest, infra.app" & \
	  { found=$$($(BIN)/python -m pytest --collect-only -qq 2>&1) || echo "$$found" >&2; } & \
	  $(BIN)/python -m imagelabels.deploy.cdk_cli; code=$$?; wait; exit $$code

# The console's tests run in a browser: the machine's own, else one that npm brings.
$(BROWSER): tools/browser/package-lock.json | $(READY)
	@$(BIN)/python -m tools.browser.find
	@touch $@

# Fonts for the pictures of the mails, so that these are the same on every machine.
$(FONTS): tools/fonts/package-lock.json | $(READY)
	@$(BIN)/python -m tools.fonts

$(READY): requirements.txt requirements-uv.txt pyproject.toml
	@$(PYTHON) tools/set_up.py $(VENV)
