# Set-up happens by itself: `make run` and `make test` work on a fresh machine with Python 3.11+.
PYTHON := .venv/bin/python
EXAMPLE := data/voorbeeld.csv

.PHONY: run test check bench interop screenshots browser clean

run: $(EXAMPLE)
	$(PYTHON) -m db upgrade
	$(PYTHON) -m db example $(EXAMPLE)
	$(PYTHON) -m streamlit run monitor_app.py

test: .venv/dev browser
	$(PYTHON) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: .venv/dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m surveys check surveys/definitions/*.toml
	$(PYTHON) -m analysis published
	$(PYTHON) -m analysis logic-model analysis/logic_models/sto.toml \
		$(patsubst %,--questionnaire %,$(wildcard surveys/definitions/*.toml))

bench: .venv/dev browser
	$(PYTHON) -m benchmarks

interop: .venv/app
	@sh .ci/interop

screenshots: .venv/dev browser
	$(PYTHON) -m docs.screenshots

browser:
	@sh .ci/install-browser

clean:
	rm -rf .venv data

$(EXAMPLE): .venv/app analysis/example.py analysis/published_results.csv
	mkdir -p data
	$(PYTHON) -m analysis example > $@.part
	mv $@.part $@

.venv/uv:
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	touch $@

.venv/app: .venv/uv requirements.txt
	.venv/bin/uv pip install --quiet --python $(PYTHON) -r requirements.txt
	touch $@

.venv/dev: .venv/app requirements-dev.txt
	.venv/bin/uv pip install --quiet --python $(PYTHON) -r requirements-dev.txt
	touch $@
