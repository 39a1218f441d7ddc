# Expected values for tests/analysis/test_power.py and test_planning.py. Run from this directory:
#   Rscript power.R
source("cases.R")

midp <- function(up, down) {
  if (up == down) return(1)
  binom.test(up, up + down)$p.value - dbinom(up, up + down, 0.5)
}

# Brute force: every outcome (up, down) of n pairs, with its trinomial probability.
outcomes <- function(n, alpha) {
  grid <- subset(expand.grid(up = 0:n, down = 0:n), up + down <= n)
  grid$star <- mapply(midp, grid$up, grid$down) < alpha
  grid
}
trinomial_power <- function(grid, n, discordance, change) {
  p_up <- (discordance + change) / 2
  p_down <- (discordance - change) / 2
  hit <- grid[grid$star, ]
  if (nrow(hit) == 0) return(0)
  sum(mapply(function(u, d) dmultinom(c(u, d, n - u - d), prob = c(p_up, p_down, 1 - discordance)),
             hit$up, hit$down))
}
mcnemar <- function(n, discordance, change, alpha = 0.05) {
  trinomial_power(outcomes(n, alpha), n, discordance, change)
}
case("mcnemar_power", "12 pairs", "the power of the exact conditional test",
     list(n = 12, discordance = 0.6, change = 0.5), mcnemar(n, discordance, change))
case("mcnemar_power", "42 pairs", "an asymptotic power",
     list(n = 42, discordance = 0.3, change = 0.2), mcnemar(n, discordance, change))
case("mcnemar_power", "a fall", "counting only rises",
     list(n = 42, discordance = 0.3, change = -0.2), mcnemar(n, discordance, change))
case("mcnemar_power", "no change", "the nominal size, .05",
     list(n = 42, discordance = 0.3, change = 0), mcnemar(n, discordance, change))
case("mcnemar_power", "all pairs rise", "a probability outside [0, 1]",
     list(n = 5, discordance = 1, change = 1), mcnemar(n, discordance, change))
case("mcnemar_power", "one pair", "a star that one pair cannot give",
     list(n = 1, discordance = 1, change = 1), mcnemar(n, discordance, change))
case("mcnemar_power", "another alpha", "the 5% level whatever was asked",
     list(n = 30, discordance = 0.4, change = 0.3, alpha = 0.01),
     mcnemar(n, discordance, change, alpha))

mcnemar_change <- function(n, discordance, power = 0.8, alpha = 0.05) {
  grid <- outcomes(n, alpha)
  excess <- function(change) trinomial_power(grid, n, discordance, change) - power
  if (excess(discordance) < 0) return(NA)
  uniroot(excess, c(0, discordance), tol = 1e-10)$root
}
case("mcnemar_detectable_change", "42 pairs", "Connor's asymptotic 23.0 points",
     list(n = 42, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "51 pairs", "Connor's asymptotic 21.0 points",
     list(n = 51, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "78 pairs", "Connor's asymptotic 17.1 points",
     list(n = 78, discordance = 0.3), mcnemar_change(n, discordance))
case("mcnemar_detectable_change", "too few changes", "a change above the discordance",
     list(n = 42, discordance = 0.1), mcnemar_change(n, discordance))

# Base R; strict = TRUE counts both tails.
t_change <- function(n, sd, type, power = 0.8, alpha = 0.05) {
  power.t.test(n, sd = sd, sig.level = alpha, power = power, type = type, strict = TRUE,
               tol = 1e-12)$delta
}
case("detectable_mean_change", "42 pairs", "the normal approximation, 0.519",
     list(n = 42, sd_difference = 1.2), t_change(n, sd_difference, "paired"))
case("detectable_mean_change", "three pairs", "NaN of a noncentral t with few degrees of freedom",
     list(n = 3, sd_difference = 1, power = 0.9, alpha = 0.01),
     t_change(n, sd_difference, "paired", power, alpha))
# The noncentral t itself: power.t.test does not reach the large change that two pairs need.
noncentrality <- function(df, power = 0.8, alpha = 0.05) {
  critical <- qt(1 - alpha / 2, df)
  excess <- function(shift) {
    pt(critical, df, shift, lower.tail = FALSE) + pt(-critical, df, shift) - power
  }
  uniroot(excess, c(0, 37), tol = 1e-12)$root
}
case("detectable_mean_change", "two pairs", "no answer with 1 degree of freedom",
     list(n = 2, sd_difference = 1),
     suppressWarnings(noncentrality(n - 1)) * sd_difference / sqrt(n))
case("paired_t_power", "42 pairs, half a point", "the normal approximation",
     list(n = 42, change = 0.5, sd_difference = 1.2),
     power.t.test(n, change, sd_difference, type = "paired", strict = TRUE)$power)
case("paired_t_power", "no change", "one tail, .025",
     list(n = 42, change = 0, sd_difference = 1.2),
     power.t.test(n, change, sd_difference, type = "paired", strict = TRUE)$power)
case("paired_t_power", "a fall at another alpha", "the power of a rise only",
     list(n = 12, change = -0.9, sd_difference = 1.2, alpha = 0.1),
     power.t.test(n, -change, sd_difference, alpha, type = "paired", strict = TRUE)$power)
case("detectable_score_change", "42 pairs", "the efficiency on the wrong side: less than for t",
     list(n = 42, sd_difference = 1.2), t_change(n, sd_difference, "paired") / sqrt(3 / pi))

case("detectable_mean_change_independent", "equal waves", "the paired formula",
     list(n_before = 40, n_after = 40, sd_before = 1.1, sd_after = 1.1),
     t_change(n_before, sd_before, "two.sample"))
welch_change <- function(n_before, n_after, sd_before, sd_after) {
  parts <- c(sd_before^2 / n_before, sd_after^2 / n_after)
  df <- sum(parts)^2 / sum(parts^2 / (c(n_before, n_after) - 1))
  noncentrality(df) * sqrt(sum(parts))
}
case("detectable_mean_change_independent", "unequal waves", "a pooled deviation",
     list(n_before = 42, n_after = 51, sd_before = 1.4, sd_after = 0.8),
     welch_change(n_before, n_after, sd_before, sd_after))
case("detectable_score_change_independent", "unequal waves", "the efficiency forgotten",
     list(n_before = 42, n_after = 51, sd_before = 1.4, sd_after = 0.8),
     welch_change(n_before, n_after, sd_before, sd_after) / sqrt(3 / pi))

# Brute force with fisher.test on every table.
fisher_star <- function(n_before, n_after, alpha) {
  outer(0:n_before, 0:n_after, Vectorize(function(x, y) {
    fisher.test(rbind(c(x, n_before - x), c(y, n_after - y)))$p.value < alpha
  }))
}
fisher_power_of <- function(star, n_before, n_after, p_before, p_after) {
  sum(star * outer(dbinom(0:n_before, n_before, p_before), dbinom(0:n_after, n_after, p_after)))
}
case("fisher_power", "20 and 25", "the normal approximation",
     list(n_before = 20, n_after = 25, p_before = 0.3, p_after = 0.7),
     fisher_power_of(fisher_star(n_before, n_after, 0.05), n_before, n_after, p_before, p_after))
case("fisher_power", "equal waves, no change", "the nominal size, .05",
     list(n_before = 18, n_after = 18, p_before = 0.5, p_after = 0.5),
     fisher_power_of(fisher_star(n_before, n_after, 0.05), n_before, n_after, p_before, p_after))
fisher_change <- function(n_before, n_after, p_before) {
  star <- fisher_star(n_before, n_after, 0.05)
  direction <- if (p_before <= 0.5) 1 else -1
  excess <- function(change) {
    fisher_power_of(star, n_before, n_after, p_before, p_before + direction * change) - 0.8
  }
  uniroot(excess, c(0, max(p_before, 1 - p_before)), tol = 1e-10)$root
}
case("detectable_proportion_change_independent", "a rise", "the arcsine approximation",
     list(n_before = 42, n_after = 51, p_before = 0.3),
     fisher_change(n_before, n_after, p_before))
case("detectable_proportion_change_independent", "a fall", "a rise beyond 100%",
     list(n_before = 42, n_after = 51, p_before = 0.88),
     fisher_change(n_before, n_after, p_before))

# Larger waves than the exact power takes: the published sample size, solved for the power.
fleiss_size <- function(p_before, p_after, ratio, power, alpha) {
  change <- abs(p_after - p_before)
  mean <- (p_before + ratio * p_after) / (1 + ratio)
  root <- qnorm(1 - alpha / 2) * sqrt((ratio + 1) * mean * (1 - mean)) +
    qnorm(power) * sqrt(ratio * p_before * (1 - p_before) + p_after * (1 - p_after))
  plain <- root^2 / (ratio * change^2)
  plain / 4 * (1 + sqrt(1 + 2 * (ratio + 1) / (plain * ratio * change)))^2
}
fleiss_power <- function(n_before, n_after, p_before, p_after, alpha = 0.05) {
  size <- function(power) {
    fleiss_size(p_before, p_after, n_after / n_before, power, alpha) - n_before
  }
  uniroot(size, c(alpha, 1 - 1e-9), tol = 1e-14)$root
}
case("fisher_power", "two large equal waves", "the power without continuity correction, .9812",
     list(n_before = 2000, n_after = 2000, p_before = 0.3, p_after = 0.36),
     fleiss_power(n_before, n_after, p_before, p_after))
case("fisher_power", "two large unequal waves", "the ratio of the sizes the wrong way round",
     list(n_before = 5000, n_after = 1500, p_before = 0.12, p_after = 0.09, alpha = 0.01),
     fleiss_power(n_before, n_after, p_before, p_after, alpha))
fleiss_change <- function(n_before, n_after, p_before) {
  excess <- function(change) fleiss_power(n_before, n_after, p_before, p_before + change) - 0.8
  uniroot(excess, c(0.01, 0.03), tol = 1e-12)$root
}
case("detectable_proportion_change_independent", "large waves", "an array of 10^8 tables",
     list(n_before = 10000, n_after = 10000, p_before = 0.3),
     fleiss_change(n_before, n_after, p_before))

# Needed numbers: the n from which on, up to a bound, the brute-force power stays at 80%.
settled <- function(power_at, bound) max(which(sapply(1:bound, power_at) < 0.8)) + 1
case("needed_pairs_proportion", "half of the pairs change", "Miettinen's asymptotic 28",
     list(change = 0.35, discordance = 0.5),
     settled(function(n) mcnemar(n, discordance, change), 50))
case("needed_pairs_proportion", "a fall, all pairs change", "the first n with 80%, 29",
     list(change = -0.5, discordance = 1),
     settled(function(n) mcnemar(n, discordance, change), 60))
case("needed_pairs_proportion", "all changes the same way", "Miettinen's asymptotic 18",
     list(change = 0.3, discordance = 0.3),
     settled(function(n) mcnemar(n, discordance, change), 40))
case("needed_answers_proportion", "a rise of fifty points", "power.prop.test: 15",
     list(p_before = 0.2, change = 0.5),
     settled(function(n) {
       fisher_power_of(fisher_star(n, n, 0.05), n, n, p_before, p_before + change)
     }, 32))
case("needed_answers_proportion", "a fall to none", "the formula with continuity correction: 20",
     list(p_before = 0.4, change = -0.4),
     settled(function(n) {
       fisher_power_of(fisher_star(n, n, 0.05), n, n, p_before, p_before + change)
     }, 32))
case("needed_answers_proportion", "large waves", "power.prop.test: 2134",
     list(p_before = 0.3, change = 0.04),
     ceiling(fleiss_size(p_before, p_before + change, 1, 0.8, 0.05)))

t_size <- function(change, sd, type, power = 0.8, alpha = 0.05) {
  ceiling(power.t.test(delta = change, sd = sd, sig.level = alpha, power = power, type = type,
                       strict = TRUE, tol = 1e-10)$n)
}
case("needed_pairs_mean", "half a grade point", "the normal approximation, 46",
     list(change = 0.5, sd_difference = 1.2), t_size(change, sd_difference, "paired"))
case("needed_pairs_mean", "a large change", "the normal approximation, 4",
     list(change = 1.5, sd_difference = 1, power = 0.9, alpha = 0.05),
     t_size(change, sd_difference, "paired", power, alpha))
case("needed_answers_mean", "half a grade point", "the number for pairs, 48",
     list(change = 0.5, sd = 1.2), t_size(change, sd, "two.sample"))
case("needed_answers_mean", "another power and alpha", "the default 80% at 5%",
     list(change = 1, sd = 1.1, power = 0.95, alpha = 0.01),
     t_size(change, sd, "two.sample", power, alpha))

write_cases("power.json")
