# Pins logistic regression (glm), weights and standardised differences, and weighted shares with their sandwich: with
# weights that are known by `sandwich`, with an estimated score by the stacked estimating equations written out.
suppressPackageStartupMessages({library(jsonlite); library(sandwich); library(survey)})

set.seed(20261)
n <- 300
site <- sample(0:3, n, replace = TRUE)
age <- round(rnorm(n, 45, 14))
ill <- rbinom(n, 1, 0.4)
group <- rbinom(n, 1, plogis(-1 + 0.02 * (age - 45) + 0.8 * ill + 0.3 * (site == 2)))
outcome <- rbinom(n, 1, plogis(0.3 + 0.5 * group - 0.7 * ill - 0.01 * (age - 45)))
outcome[sample(n, 40)] <- NA
covariates <- cbind(age = age, ill = ill, site2 = as.numeric(site == 2), site3 = as.numeric(site == 3))
cluster <- sample(0:59, n, replace = TRUE)

fit <- glm(group ~ covariates, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
score <- unname(fitted(fit))
share <- mean(group)
weights <- list(
  none = rep(1, n), overlap = ifelse(group == 1, 1 - score, score),
  inverse = ifelse(group == 1, share / score, (1 - share) / (1 - score))
)
apart <- function(w) apply(covariates, 2, function(x) {
  spread <- function(side) mean((x[group == side] - mean(x[group == side]))^2)
  (weighted.mean(x[group == 1], w[group == 1]) - weighted.mean(x[group == 0], w[group == 0])) /
    sqrt((spread(1) + spread(0)) / 2)
})

# The stacked equations: score of the regression, and each weighted share. Their derivatives by numbers, not by formula.
stacked <- function(theta, kind) {
  x <- cbind(1, covariates)
  e <- plogis(drop(x %*% theta[seq_len(ncol(x))]))
  w <- switch(kind, overlap = ifelse(group == 1, 1 - e, e), inverse = ifelse(group == 1, 1 / e, 1 / (1 - e)))
  seen <- !is.na(outcome)
  y <- ifelse(seen, outcome, 0)
  cbind(x * (group - e), w * seen * group * (y - theta[ncol(x) + 1]), w * seen * (1 - group) * (y - theta[ncol(x) + 2]))
}
derivative <- function(theta, kind) {
  sapply(seq_along(theta), function(k) {
    h <- 1e-5 * max(1, abs(theta[k]))
    at <- function(m) { moved <- theta; moved[k] <- moved[k] + m * h; colSums(stacked(moved, kind)) }
    (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h)
  })
}
together <- function(kind, by = seq_len(n)) {
  w <- weights[[kind]]
  seen <- !is.na(outcome)
  mean_of <- function(side) weighted.mean(outcome[seen & group == side], w[seen & group == side])
  theta <- c(coef(fit), mean_of(1), mean_of(0))
  psi <- rowsum(stacked(theta, kind), by)
  bread <- solve(derivative(theta, kind))
  covariance <- bread %*% crossprod(psi) %*% t(bread)
  last <- length(theta) + c(-1, 0)
  both <- covariance[last, last]
  list(shares = theta[last], errors = sqrt(diag(both)), difference_error = sqrt(both[1, 1] + both[2, 2] - 2 * both[1, 2]),
       log_ratio_error = sqrt(drop(t(c(1, -1) / theta[last]) %*% both %*% (c(1, -1) / theta[last]))))
}
plain <- lm(outcome ~ group)
seen <- !is.na(outcome)
known <- list(
  shares = c(sum(coef(plain)), coef(plain)[1]),
  difference_error = sqrt(vcovHC(plain, type = "HC0")[2, 2]),
  clustered_error = sqrt(vcovCL(plain, cluster = cluster[seen], type = "HC0", cadjust = FALSE)[2, 2])
)
# survey multiplies by n / (n - 1); taken out, its linearised error of the unweighted difference is the same one.
design <- svydesign(~1, weights = ~w, data = data.frame(outcome, group, w = 1)[seen, ])
known$survey_error <- SE(svyglm(outcome ~ group, design))[2] * sqrt((sum(seen) - 1) / sum(seen))

pins <- list(
  versions = list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich")),
                  survey = as.character(packageVersion("survey"))),
  covariates = unname(covariates), group = group, outcome = outcome, cluster = cluster,
  coefficients = unname(coef(fit)), covariance = unname(vcov(fit)), log_likelihood = as.numeric(logLik(fit)),
  score = score, weights = weights, apart = lapply(weights, function(w) unname(apart(w))), known = known,
  overlap = together("overlap"), inverse = together("inverse"),
  overlap_clustered = together("overlap", cluster), inverse_clustered = together("inverse", cluster),
  e_values = lapply(c(1, 1.2, 2, 3.9, 0.5, 0.25), function(r) { a <- max(r, 1 / r); list(ratio = r, e = a + sqrt(a * (a - 1))) })
)
writeLines(toJSON(pins, digits = NA, auto_unbox = TRUE, na = "null"), "pinned/weighting.json")
