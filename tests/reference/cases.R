# Collects reference cases and writes them as JSON. A case holds the arguments of the Python
# function, the R expression that was evaluated on them and its value, so the file shows itself
# where each number came from.
suppressPackageStartupMessages(library(jsonlite))

collected <- list()

# `guards` names the wrong answer that the case would catch; `packages` other than base R's.
case <- function(fun, name, guards, input, expression, packages = character(0)) {
  code <- substitute(expression)
  # Only the arguments that R needs unwrapped; I() keeps vectors of length one vectors in JSON.
  values <- lapply(input, function(x) if (inherits(x, "AsIs")) unclass(x) else x)
  expected <- eval(code, values, globalenv())
  versions <- lapply(setNames(nm = packages), function(p) as.character(packageVersion(p)))
  collected[[length(collected) + 1]] <<- list(
    "function" = fun, name = name, guards = guards, input = input,
    r_code = paste(deparse(code, width.cutoff = 120), collapse = "\n"),
    packages = if (length(versions)) versions else setNames(list(), character(0)),
    expected = expected
  )
}

write_cases <- function(path) {
  content <- list(r_version = R.version.string, cases = collected)
  writeLines(toJSON(content, auto_unbox = TRUE, digits = NA, null = "null", na = "null",
                    pretty = TRUE), path)
}

# One row per pair, from a table of transitions (rows = code before).
pairs_of <- function(table, scores = seq_len(nrow(table)) - 1) {
  cells <- which(table > 0, arr.ind = TRUE)
  times <- table[cells]
  list(before = rep(scores[cells[, 1]], times), after = rep(scores[cells[, 2]], times))
}

# One value per answer, from counts per code.
answers_of <- function(counts, scores = seq_along(counts) - 1) rep(scores, counts)

table_of <- function(...) matrix(c(...), nrow = sqrt(length(c(...))), byrow = TRUE)
