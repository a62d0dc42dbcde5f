# Every target first installs into .venv what requirements.lock names. PYTHON= chooses the interpreter for .venv.
PYTHON ?= $(if $(wildcard .venv/installed),.venv/bin/python,python3)
BIN := .venv/bin
LOCAL := $(BIN)/python -m local
OPS := $(BIN)/python -m ops
TRAFFIC := $(BIN)/python -m traffic
CHECKOV := .venv/checkov
FUZZER := .venv/fuzzer
MUTATOR := .venv/mutator
NODE := .venv/node
PAGE := .venv/page
UI := functions/broker_ui
# Where tests find what is imported by its full name: as in pyproject.toml.
MODULES := layer:functions/reconciler
# What takes long is shown, so that it does not grow unseen.
SLOWEST := --durations 40 --durations-min 3

export SAM_CLI_TELEMETRY := 0
export PATH := $(CURDIR)/$(NODE)/bin:$(PATH)

# The help line of a target names the variables that it takes, as NAME=. make refuses all others.
GOALS := $(or $(MAKECMDGOALS),help)
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
ifneq ($(GIVEN),)
HASHES := \#\#
TAKEN := $(sort $(shell awk -v goals=" $(GOALS) " -F ':.*$(HASHES) ' '/^[a-z-]+:.*$(HASHES) / && index(goals, " " $$1 " ") { \
	while (match($$2, /[A-Z_]+=/)) { print substr($$2, RSTART, RLENGTH - 1); $$2 = substr($$2, RSTART + RLENGTH) } }' \
	$(firstword $(MAKEFILE_LIST))))
UNKNOWN := $(filter-out PYTHON $(TAKEN),$(GIVEN))
$(if $(UNKNOWN),$(error make $(GOALS) takes $(or $(TAKEN),nothing), not $(UNKNOWN): see make help))
# A switch takes the value 1 only: OLD=no would switch it on, too.
SWITCHES := AGAIN ALL EXACT NEW_CREDENTIAL REBASE REPAIR
WRONG := $(foreach name,$(filter $(SWITCHES),$(GIVEN)),$(if $(filter-out 1,$($(name))),$(name)))
$(foreach name,$(WRONG),$(error $(name)=1 switches it on; without $(name) it is off. It is not $(name)=$($(name))))
endif

.DEFAULT_GOAL := help
.PHONY: help tools node run up down status logs order statement hours open close settle reconcile restore dlq redrive discard trace credential page pause resume copy-table put-back republish invoke start-api sizes load traders market quotes test test-deployed test-in-memory lint lint-template lint-page test-containers crash fuzz mutate openapi picture bench lock deploy clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

tools:
	@$(PYTHON) local/bootstrap.py

# `sam build` needs npm, for the page. Where Node.js is missing or old, PyPI has it.
node: tools
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
	|| { echo "Installing Node.js into .venv ..." && $(BIN)/uv venv --quiet --clear --python $(BIN)/python $(NODE) \
	&& $(BIN)/uv pip sync --quiet --require-hashes --python $(NODE)/bin/python functions/broker_ui/node.txt; }

# What checks the page, and the types of what it loads.
$(PAGE)/installed: $(UI)/package-lock.json $(UI)/package.json $(UI)/Makefile | node
	rm -rf $(PAGE)
	mkdir -p $(PAGE)
	cp $(UI)/package.json $(UI)/package-lock.json $(PAGE)
	cd $(PAGE) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	$(MAKE) --no-print-directory -C $(UI) types MODULES=$(CURDIR)/$(PAGE)/node_modules OUT=$(CURDIR)/$(PAGE)/types/vendor
	touch $@

lint-page: $(PAGE)/installed ## check the page: form, types, units
	$(PAGE)/node_modules/.bin/tsc --project $(UI)
	rm -rf $(PAGE)/page
	cp -R $(UI)/page $(UI)/eslint.config.js $(PAGE)
	cd $(PAGE) && node_modules/.bin/eslint page
	node --test tests/page/

run: node ## start everything here, send an order through it, stay up until Ctrl-C [PORT=4566] [MARKET=still]
	@exec $(LOCAL) run $(if $(MARKET),--market "$(MARKET)")

up: node ## start everything in the background; if it is up, bring it up to date [PORT=4566]
	@exec $(LOCAL) up

down: tools ## stop the local cloud; all its data is gone
	@exec $(LOCAL) down

status: tools ## show whether it is up, where, what is queued, what is dead-lettered
	@exec $(LOCAL) status

logs: tools ## follow the functions' logs until Ctrl-C
	@exec $(LOCAL) logs

order: file-given tools ## post orders and follow each until it ends or rests: FILE=orders.json
	@exec $(LOCAL) order "$(FILE)"

statement: customer-given tools ## print a customer's statement of a day: CUSTOMER=000002 [DATE=2026-11-22] [FORMAT=csv]
	@exec $(LOCAL) statement "$(CUSTOMER)" $(if $(DATE),--date "$(DATE)") $(if $(FORMAT),--format "$(FORMAT)")

hours: hours-given tools ## set the opening hours, so that auctions open and close: HOURS=on-command|new-york|08:00-16:30|always
	@exec $(LOCAL) hours "$(HOURS)"

open: tools ## open a session whose hours are on-command, with an auction
	@exec $(LOCAL) open

close: tools ## end today's session, with an auction if there are hours: its day orders expire
	@exec $(LOCAL) close

settle: tools ## settle what is due until a date, today or [DATE=2026-11-24]
	@exec $(LOCAL) settle $(if $(DATE),--date "$(DATE)")

reconcile: tools ## have the reconciler compare all records of a day and name every difference: [DATE=2026-11-23] [REPAIR=1] [STACK=trading-dev]
	@exec $(OPS) reconcile $(if $(DATE),--date "$(DATE)") $(if $(REPAIR),--repair) $(if $(STACK),--stack "$(STACK)")

OF_STACK = $(if $(STACK),--stack "$(STACK)")

dlq: tools ## list the dead letters of all stages, with reasons [STACK=trading-dev] [STAGE=settlement] [FIRST=20]
	@exec $(OPS) dlq $(if $(STAGE),--stage "$(STAGE)") $(if $(FIRST),--first "$(FIRST)") $(OF_STACK)

redrive: stage-given tools ## give the dead letters of a stage to it again: STAGE=post_trade_processor [STACK=trading-dev]
	@exec $(OPS) redrive "$(STAGE)" $(OF_STACK)

discard: stage-given tools ## remove the dead letters of a stage, keeping a copy in the archive: STAGE=post_trade_processor [ID=] [STACK=trading-dev]
	@exec $(OPS) discard "$(STAGE)" $(if $(ID),--id "$(ID)") $(OF_STACK)

trace: order-given tools ## print the life of an order, over all stages: ORDER=... [CUSTOMER=000002] [STACK=trading-dev]
	@exec $(OPS) trace "$(ORDER)" $(if $(CUSTOMER),--customer "$(CUSTOMER)") $(OF_STACK)

page: tools ## print a link that signs its reader in on the page, once [CUSTOMER=000002] [STACK=trading-dev]
	@exec $(OPS) page $(if $(CUSTOMER),--customer "$(CUSTOMER)") $(OF_STACK)

pause: tools ## refuse changes and stop all stages, to restore a table (docs/operating/restore.md) [STACK=trading-prod]
	@exec $(OPS) pause $(OF_STACK)

resume: tools ## end a pause [STACK=trading-prod]
	@exec $(OPS) resume $(OF_STACK)

copy-table: table-given tools ## have DynamoDB restore a copy beside a table: TABLE=TradesStore [TIME=2026-11-22T14:30:00Z] [STACK=trading-prod]
	@exec $(OPS) copy-table "$(TABLE)" $(if $(TIME),--time "$(TIME)") $(OF_STACK)

put-back: table-given from-given tools ## put back the items that a table has lost, from its copy: TABLE=TradesStore FROM=... [EXACT=1] [STACK=trading-prod]
	@exec $(OPS) put-back "$(TABLE)" "$(FROM)" $(if $(EXACT),--exact) $(OF_STACK)

republish: tools ## publish again what the engines executed since a day: [DATE=2026-11-22] [STACK=trading-prod]
	@exec $(OPS) republish $(if $(DATE),--date "$(DATE)") $(OF_STACK)

credential: holder-given tools ## issue a customer's own credential, or a broker's: CUSTOMER=000002 or ROLE=broker [STACK=trading-dev]
	@exec $(OPS) credential $(if $(CUSTOMER),--customer "$(CUSTOMER)") $(if $(ROLE),--role "$(ROLE)") $(OF_STACK)

restore: what-given tools ## make lost data again, from what remains: WHAT=statistics [DATE=2026-11-22], WHAT=snapshots or WHAT=open-orders [STACK=trading-dev]
	@exec $(OPS) restore "$(WHAT)" $(if $(DATE),--date "$(DATE)") $(OF_STACK)

invoke: event-given tools ## give an event to a function in a container: STAGE=order_entry EVENT=events/order_entry/order.json
	@exec $(LOCAL) invoke "$(STAGE)" "$(EVENT)"

start-api: tools ## serve the API from containers until Ctrl-C [API_PORT=3000]
	@exec $(LOCAL) start-api

sizes: node ## show the size of each built function and of the layer
	@exec $(LOCAL) sizes

load: stack-given tools ## load quotes and customers with play money into a stack on AWS: STACK=trading-dev [NEW_CREDENTIAL=1] [CONFIRM=, its name again, for prod]
	@exec $(OPS) load --stack "$(STACK)" $(if $(NEW_CREDENTIAL),--new-credential) $(if $(CONFIRM),--confirm "$(CONFIRM)")

traders: tools ## let seeded traders trade over the API, then reconcile: [COUNT=8] [RATE=10] [DURATION=30s] [ORDERS=] [SEED=7] [STACK=trading-dev] [CONFIRM=, its name again, for prod]
	@exec $(TRAFFIC) traders $(if $(COUNT),--count "$(COUNT)") $(if $(RATE),--rate "$(RATE)") \
		$(if $(DURATION),--duration "$(DURATION)") $(if $(ORDERS),--orders "$(ORDERS)") $(if $(SEED),--seed "$(SEED)") $(OF_STACK) $(if $(CONFIRM),--confirm "$(CONFIRM)")

market: tools ## move the market by chance until Ctrl-C: [SEED=7] [EVERY=1s] [VOLATILITY=20] [DURATION=] [STACK=trading-dev] [CONFIRM=, its name again, for prod]
	@exec $(TRAFFIC) market $(if $(SEED),--seed "$(SEED)") $(if $(EVERY),--every "$(EVERY)") \
		$(if $(VOLATILITY),--volatility "$(VOLATILITY)") $(if $(DURATION),--duration "$(DURATION)") $(OF_STACK) $(if $(CONFIRM),--confirm "$(CONFIRM)")

quotes: file-given tools ## replay quotes, CSV or either of LOBSTER's files of a day: FILE=quotes.csv [SPEED=10] [REBASE=1] [STACK=trading-dev] [CONFIRM=, its name again, for prod]
	@exec $(TRAFFIC) quotes "$(FILE)" $(if $(SPEED),--speed "$(SPEED)") $(if $(REBASE),--rebase) $(OF_STACK) $(if $(CONFIRM),--confirm "$(CONFIRM)")

# `sam build` needs the Python that the template names. Where it is not installed: make deploy ENV=dev BUILD=--use-container
deploy: env-given node ## build and deploy to AWS, with the settings of samconfig.toml: ENV=dev or ENV=prod [BUILD=--use-container]
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/sam build --config-env $(ENV) $(BUILD)
	$(BIN)/python -m local.targets $(ENV)
	$(BIN)/sam deploy --config-env $(ENV)

# The tests of the deployed system wait much, so the others run beside them, and yield to them. One that measures how
# long an answer takes waits until the others pause (tests/support/turns.py).
test: node ## check everything that CI checks; samples are drawn of what make crash and make mutate try whole
	@$(BIN)/python -m local.browser
	@$(MAKE) --no-print-directory --jobs=2 lint lint-template lint-page
	@$(MAKE) --no-print-directory --jobs=2 test-deployed test-in-memory

# What was built is tested, then deployed. All of it is shown in the end, not between what the others say.
test-deployed: node
	@mkdir -p .local
	@code=0; for part in artefacts e2e; do $(BIN)/pytest tests/$$part $(SLOWEST) || code=1; done >.local/test-deployed.log 2>&1; \
		cat .local/test-deployed.log; exit $$code

# The tests of a file run in one process: some share what is made for them. Files come in their order: those with one long
# test, which xdist would keep for the end, come before many short ones, which fill both processes to the end.
test-in-memory: tools
	nice $(BIN)/pytest --numprocesses logical --dist loadfile --no-loadscope-reorder \
		--ignore tests/artefacts --ignore tests/e2e --ignore tests/containers $(SLOWEST)

test-containers: tools ## run every function in Lambda's own container, with each of its sample events
	$(BIN)/pytest tests/containers $(SLOWEST)

crash: tools ## let each call of AWS fail in each way [SCENARIO=] [SEED=22] [ALL=1] [POINT=], or try random days: SCHEDULES=100 [SEED=22]
ifdef SCHEDULES
	SEED=$(SEED) SCHEDULES=$(SCHEDULES) $(BIN)/pytest tests/crash/test_schedules.py
else
	@PYTHONPATH=$(MODULES):client $(BIN)/python -m tests.crash $(if $(SCENARIO),--scenario "$(SCENARIO)") \
		$(if $(SEED),--seed "$(SEED)") $(if $(ALL),--all) $(if $(POINT),--point "$(POINT)")
endif

fuzz: tools $(FUZZER)/installed ## give invalid input to everything that reads what others write: [TARGET=] [SECONDS=60] [INPUT=]
	@PYTHONPATH=$(MODULES):$(FUZZER) $(BIN)/python -m tests.fuzz $(if $(TARGET),--target "$(TARGET)") \
		$(if $(SECONDS),--seconds "$(SECONDS)") $(if $(INPUT),--input "$(INPUT)")

$(FUZZER)/installed: tests/fuzz/atheris.txt | tools
	rm -rf $(FUZZER)
	$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python --target $(FUZZER) -r tests/fuzz/atheris.txt
	touch $@

mutate: tools $(MUTATOR)/installed ## change the domain in every place, and check that a test fails: [MODULE=money] [AGAIN=1] [SAMPLE=100]
	@PYTHONPATH=$(MODULES) $(BIN)/python -m tests.mutation $(if $(MODULE),--module "$(MODULE)") $(if $(AGAIN),--again) $(if $(SAMPLE),--sample "$(SAMPLE)")

$(MUTATOR)/installed: tests/mutation/mutmut.txt | tools
	rm -rf $(MUTATOR)
	$(BIN)/uv pip install --quiet --require-hashes --python $(BIN)/python --target $(MUTATOR) -r tests/mutation/mutmut.txt
	touch $@

lint: tools ## check the code: form, types, imports
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy layer client local ops traffic benchmarks tests
	for folder in functions/*/; do MYPYPATH=layer:$$folder $(BIN)/mypy $$folder || exit 1; done
	PYTHONPATH=$(MODULES):client $(BIN)/lint-imports

lint-template: tools $(CHECKOV)/installed ## check the template, as written and as deployed to prod
	AWS_DEFAULT_REGION=us-east-1 $(BIN)/sam validate --lint
	$(BIN)/python -m tests.template.deployed prod > $(CHECKOV)/prod.json
	$(CHECKOV)/bin/checkov --config-file .checkov.yaml --file $(CHECKOV)/prod.json

$(CHECKOV)/installed: local/checkov.txt | tools
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CHECKOV)
	$(BIN)/uv pip sync --quiet --require-hashes --python $(CHECKOV)/bin/python local/checkov.txt
	touch $@

openapi: tools ## make the contract that the API serves, from openapi.yaml and the schemas
	$(BIN)/python -m local.contract

picture: ## draw docs/flow.svg from docs/flow.dot; needs Graphviz
	dot -Tsvg docs/flow.dot -o docs/flow.svg

bench: tools ## measure latency, throughput, cost and growth, in about ten minutes on a quiet machine: [ONLY=orders] [RUNS=3]
	@PYTHONPATH=$(MODULES) $(BIN)/python -m benchmarks $(if $(ONLY),--only "$(ONLY)") $(if $(RUNS),--runs "$(RUNS)")

# Versions stay where they may; `make lock LOCK=--upgrade` takes the newest.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(LOCK)
lock: tools ## resolve the dependencies of pyproject.toml into the files that are installed [LOCK=--upgrade]
	$(COMPILE) --group dev -o requirements.lock
	$(COMPILE) --group bootstrap -c requirements.lock -o local/uv.txt
	$(COMPILE) --group checkov -o local/checkov.txt
	$(COMPILE) --group node -o functions/broker_ui/node.txt
	$(COMPILE) --group fuzz -o tests/fuzz/atheris.txt
	$(COMPILE) --group mutation -o tests/mutation/mutmut.txt
	$(COMPILE) --group layer -c requirements.lock -o layer/requirements.txt
	$(COMPILE) --group requests -c requirements.lock -o functions/order_entry/requirements.txt
	cp functions/order_entry/requirements.txt functions/account_keeper/requirements.txt
	cp functions/order_entry/requirements.txt functions/credential_keeper/requirements.txt
	cp functions/order_entry/requirements.txt functions/ticker_keeper/requirements.txt
	$(COMPILE) --group runtime -c requirements.lock -o tests/artefacts/runtime.txt

# Where nothing is installed nothing runs, unless .venv has gone since something was started.
clean: ## stop the local cloud and remove everything that was made here
	@if [ -e .venv/installed ]; then $(LOCAL) down; elif [ -e .local/ministack.lock ]; then $(MAKE) --no-print-directory down; fi
	rm -rf .aws-sam .local .venv .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: customer-given event-given file-given from-given holder-given hours-given order-given stack-given stage-given table-given what-given env-given
customer-given:
	$(if $(CUSTOMER),,$(error Say which customer: make $(firstword $(MAKECMDGOALS)) CUSTOMER=000002))
event-given:
	$(if $(and $(STAGE),$(EVENT)),,$(error Say which stage and event: make invoke STAGE=order_entry EVENT=events/order_entry/order.json))
file-given:
	$(if $(FILE),,$(error Say which file: make $(firstword $(MAKECMDGOALS)) FILE=$(if $(filter quotes,$(MAKECMDGOALS)),quotes.csv,orders.json)))
from-given:
	$(if $(FROM),,$(error Say from which copy: make put-back TABLE=TradesStore FROM=the name that make copy-table prints))
holder-given:
	$(if $(CUSTOMER)$(ROLE),,$(error Say whose: make credential CUSTOMER=000002, or ROLE=broker))
hours-given:
	$(if $(HOURS),,$(error Say which hours: make hours HOURS=on-command, new-york, 08:00-16:30 or always))
order-given:
	$(if $(ORDER),,$(error Say which order: make trace ORDER=000002/01a20314-455d-75fe-9591-256a39528f04))
stage-given:
	$(if $(STAGE),,$(error Say which stage: make $(firstword $(MAKECMDGOALS)) STAGE=post_trade_processor))
stack-given:
	$(if $(STACK),,$(error Say which stack: make load STACK=trading-dev))
table-given:
	$(if $(TABLE),,$(error Say which table: make $(firstword $(MAKECMDGOALS)) TABLE=TradesStore, or TABLE=OrderBooks))
what-given:
	$(if $(WHAT),,$(error Say what: make restore WHAT=statistics, WHAT=snapshots or WHAT=open-orders))
env-given:
	$(if $(filter dev prod,$(ENV)),,$(error Say which environment: make deploy ENV=dev, or ENV=prod))
