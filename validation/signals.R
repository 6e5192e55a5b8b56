# Pins the figures of reports (PRR, ROR, IC, DuMouchel's EBGM) and the limits of funnels, each written out here from its
# paper with base R's distributions: Evans 2001, van Puijenbroek 2002, Noren 2013, DuMouchel 1999 (given one report or
# more), Spiegelhalter 2005 (appendix A.1).
library(jsonlite)

set.seed(20263)
drugs <- sprintf("drug%02d", 1:14)
events <- sprintf("event%02d", 1:18)
# Each pair has a tendency of its own, so that there is a prior to learn.
tendency <- matrix(rgamma(14 * 18, 0.4), 14, dimnames = list(drugs, events)) / sqrt(col(matrix(0, 14, 18)))
tendency["drug05", "event18"] <- 8
rows <- do.call(rbind, lapply(1:700, function(report) {
  drug <- sample(drugs, sample(1:2, 1), prob = 1 / seq_along(drugs))
  event <- sample(events, sample(1:3, 1), prob = colMeans(tendency[drug, , drop = FALSE]))
  expand.grid(report = report, drug = drug, event = event, stringsAsFactors = FALSE)
}))
total <- length(unique(rows$report))
of_drug <- tapply(rows$report, rows$drug, function(r) length(unique(r)))
of_event <- tapply(rows$report, rows$event, function(r) length(unique(r)))
pairs <- aggregate(report ~ drug + event, rows, function(r) length(unique(r)))
pairs <- pairs[order(pairs$drug, pairs$event), ]
n <- pairs$report
drug <- as.vector(of_drug[pairs$drug])
event <- as.vector(of_event[pairs$event])
b <- drug - n
c <- event - n
d <- total - drug - event + n
expected <- drug * event / total
z <- qnorm(0.975)
prr <- (n / (n + b)) / (c / (c + d))
prr_se <- sqrt(1 / n - 1 / (n + b) + 1 / c - 1 / (c + d))
ror <- (n * d) / (b * c)
ror_se <- sqrt(1 / n + 1 / b + 1 / c + 1 / d)
ic <- log2((n + 0.5) / (expected + 0.5))
ic025 <- log2(qgamma(0.025, shape = n + 0.5, rate = expected + 0.5))

# The mixture of two gammas: its likelihood given n >= 1, its maximum from many starts, and what follows for each pair.
mass <- function(k, e, shape, rate) dnbinom(k, size = shape, mu = e * shape / rate)
reported <- function(e, shape, rate) pnbinom(0, size = shape, mu = e * shape / rate, lower.tail = FALSE)
log_likelihood <- function(at) {
  p <- plogis(at[5])
  a <- exp(at[1:4])
  seen <- p * mass(n, expected, a[1], a[2]) + plogis(-at[5]) * mass(n, expected, a[3], a[4])
  some <- p * reported(expected, a[1], a[2]) + plogis(-at[5]) * reported(expected, a[3], a[4])
  sum(log(seen) - log(some))
}
starts <- c(list(c(log(c(0.2, 0.1, 2, 4)), qlogis(1 / 3))), lapply(1:40, function(i) rnorm(5, 0, 1.5)))
climb <- function(at) {
  safe <- function(x) { v <- suppressWarnings(log_likelihood(x)); if (is.finite(v)) -v else 1e10 }
  for (i in 1:3) at <- optim(at, safe, method = "Nelder-Mead", control = list(maxit = 20000, reltol = 1e-15))$par
  list(at = at, value = -safe(at))
}
found <- lapply(starts, climb)
best <- found[[which.max(vapply(found, function(f) f$value, 0))]]
p <- plogis(best$at[5])
a <- exp(best$at[1:4])
after <- function(p, a) {
  one <- p * mass(n, expected, a[1], a[2])
  two <- (1 - p) * mass(n, expected, a[3], a[4])
  q <- one / (one + two)
  mean_log <- q * (digamma(a[1] + n) - log(a[2] + expected)) + (1 - q) * (digamma(a[3] + n) - log(a[4] + expected))
  quantile <- function(level) vapply(seq_along(n), function(i) {
    below <- function(x) q[i] * pgamma(x, a[1] + n[i], rate = a[2] + expected[i]) +
      (1 - q[i]) * pgamma(x, a[3] + n[i], rate = a[4] + expected[i]) - level
    uniroot(below, c(1e-12, 1e4), tol = 1e-13)$root
  }, 0)
  list(ebgm = exp(mean_log), eb05 = quantile(0.05), eb95 = quantile(0.95))
}
# A prior that is given, so that what follows from it is compared without the search.
given <- list(shape_1 = 0.2, rate_1 = 0.1, shape_2 = 2, rate_2 = 4, share = 1 / 3)
fixed <- after(given$share, c(given$shape_1, given$rate_1, given$shape_2, given$rate_2))
learned <- after(p, a)

limit <- function(level, expected) {
  r <- qpois(level, expected)
  max(0, r - (ppois(r, expected) - level) / dpois(r, expected)) / expected
}
funnels <- lapply(list(c(0, 0.3), c(0, 5), c(3, 0.7), c(4, 4), c(10, 9.5), c(31, 12.5), c(1, 12.5), c(98, 120), c(1043, 1000), c(99000, 1e5)), function(at) {
  k <- at[1]
  e <- at[2]
  half <- dpois(k, e) / 2
  list(observed = k, expected = e, ratio = k / e, lower_95 = limit(0.025, e), upper_95 = limit(0.975, e),
       lower_998 = limit(0.001, e), upper_998 = limit(0.999, e),
       mid_p = min(1, 2 * min(ppois(k - 1, e) + half, ppois(k, e, lower.tail = FALSE) + half)))
})
share_limit <- function(level, total, share) {
  r <- qbinom(level, total, share)
  max(0, r - (pbinom(r, total, share) - level) / dbinom(r, total, share)) / total
}
shares <- lapply(list(c(1, 0.3), c(7, 0.02), c(50, 0.1), c(400, 0.54), c(20000, 0.011)), function(at) {
  list(total = at[1], share = at[2], lower_95 = share_limit(0.025, at[1], at[2]), upper_95 = share_limit(0.975, at[1], at[2]),
       lower_998 = share_limit(0.001, at[1], at[2]), upper_998 = share_limit(0.999, at[1], at[2]))
})

told <- data.frame(drug = pairs$drug, event = pairs$event, n = n, expected = expected, prr = prr, prr_lower = prr * exp(-z * prr_se),
  prr_upper = prr * exp(z * prr_se), ror = ror, ror_lower = ror * exp(-z * ror_se), ror_upper = ror * exp(z * ror_se),
  ic = ic, ic025 = ic025, fixed = fixed, learned = learned)
told[!is.finite(prr), c("prr", "prr_lower", "prr_upper")] <- NA
told[!is.finite(ror), c("ror", "ror_lower", "ror_upper")] <- NA
pin <- list(versions = list(R = as.character(getRversion())), reports = total, rows = rows, given = given,
            log_likelihood = best$value, pairs = told, funnels = funnels, shares = shares)
writeLines(toJSON(pin, digits = NA, auto_unbox = TRUE, na = "null", dataframe = "columns"), "pinned/signals.json")
