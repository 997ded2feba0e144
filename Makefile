# Everything is done by the Bun that package.json pins: node and npm are needed only to fetch it.
#   make run [ARGS='--dialect=node']     make test [TESTS=./src/text]     make ok

BUN := node_modules/.bin/bun

.PHONY: help setup run test debian build deb apt-repo apt-key check ok unit bench docs clean
.NOTPARALLEL:

help:
	@echo 'make run    serve this machine on :9835 (ARGS= are passed on)'
	@echo 'make test   set up, build, check and run every test (TESTS= names some)'
	@echo 'make ok     format check, lint, types, tests: before every commit'
	@echo 'make build  dist/edgegauge-linux-x64 and dist/edgegauge-linux-arm64'
	@echo 'make deb    dist/edgegauge_VERSION_amd64.deb and _arm64.deb'
	@echo 'make apt-repo APT_GPG_KEY=KEY    dist/apt, a signed apt repository of them'
	@echo 'make bench  the numbers that this program promises, measured here'
	@echo 'make docs   docs/METRICS.md from the catalog'
	@echo 'make clean  remove what was built (dist) and fetched (.cache, node_modules)'

setup:
	@tools/setup.sh

run: setup
	@$(BUN) src/main.ts serve $(ARGS)

test: setup debian build check unit

debian:
	@tools/setup-debian.sh

build: setup
	@$(BUN) tools/build.ts

deb: build
	@$(BUN) tools/deb.ts

apt-repo: apt-key deb
	@APT_GPG_KEY='$(APT_GPG_KEY)' $(BUN) tools/apt-repo.ts

# Said before a minute is spent on packages.
apt-key:
	@test -n '$(APT_GPG_KEY)' || { echo 'APT_GPG_KEY must name the key to sign with: gpg --list-secret-keys'; exit 1; }
	@gpg --batch --list-secret-keys '$(APT_GPG_KEY)' >/dev/null 2>&1 || { echo 'gpg has no secret key $(APT_GPG_KEY); it has those of: gpg --list-secret-keys'; exit 1; }

check: setup
	@npm run --silent fmt:check
	@npm run --silent lint
	@npm run --silent check

ok: setup check build unit

# The last line says how many tests passed and failed, alone on its line.
unit:
	@tools/test.sh $(TESTS)

bench: setup build
	@$(BUN) bench/main.ts $(ARGS)

docs: setup
	@$(BUN) tools/gen-docs.ts

clean:
	rm -rf dist .cache node_modules
