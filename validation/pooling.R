# Pins meta-analyses of metafor: its own example data sets and small ones with zero cells, by every combination of
# measure, method and interval; heterogeneity with intervals, meta-regression, Egger's test.
suppressMessages({library(metafor); library(jsonlite)})

exact <- list(threshold = 1e-10, maxiter = 10000, tol = 1e-13)
one <- function(x) if (length(x) == 0 || is.na(x)) NA else x
told <- function(fit, method) {
  random <- method %in% c("DL", "PM", "REML")
  bounds <- if (random && fit$k > 1) confint(fit, control = list(tol = 1e-13, tau2.max = 1e4))$random else NULL
  ahead <- if (random) suppressWarnings(predict(fit)) else NULL
  list(
    estimate = as.numeric(fit$beta)[1], error = fit$se[1], lower = fit$ci.lb[1], upper = fit$ci.ub[1], p = fit$pval[1],
    q = fit$QE, i2 = fit$I2, k = fit$k, tau2 = if (random) fit$tau2 else NA,
    tau2_lower = one(bounds[1, 2]), tau2_upper = one(bounds[1, 3]), i2_lower = one(bounds[3, 2]), i2_upper = one(bounds[3, 3]),
    prediction_lower = one(ahead$pi.lb), prediction_upper = one(ahead$pi.ub)
  )
}
bcg <- dat.bcg; bcg$n1 <- bcg$tpos + bcg$tneg; bcg$n2 <- bcg$cpos + bcg$cneg
events <- list(
  bcg = list(bcg$tpos, bcg$n1, bcg$cpos, bcg$n2),
  zeros = list(c(0, 3, 0, 5, 2), c(20, 30, 15, 40, 12), c(2, 6, 0, 9, 0), c(21, 28, 16, 38, 11)),
  "two trials" = list(c(12, 7), c(30, 25), c(5, 6), c(31, 24)),
  alike = list(c(10, 20, 30), c(40, 80, 120), c(5, 10, 15), c(40, 80, 120)),
  "all events" = list(c(10, 18, 25), c(10, 20, 30), c(8, 15, 30), c(10, 20, 30))
)
normand <- dat.normand1999
means <- list(
  normand = with(normand, list(m1i, sd1i, n1i, m2i, sd2i, n2i)),
  "two trials" = list(c(-8, -5), c(6, 7), c(20, 12), c(-3, -4), c(7, 5), c(21, 15)),
  alike = list(c(5, 5.1, 4.9), c(3, 3, 3), c(30, 30, 30), c(4, 4.1, 3.9), c(3, 3, 3), c(30, 30, 30))
)
rows <- list()
for (name in names(events)) for (measure in c("OR", "RR", "RD")) for (method in c("FE", "DL", "PM", "REML", "MH", "PETO")) {
  if (method == "PETO" && measure != "OR") next
  for (interval in if (method %in% c("MH", "PETO")) "wald" else c("wald", "hk")) {
    t <- events[[name]]
    test <- if (interval == "hk") "knha" else "z"
    fit <- suppressWarnings(switch(method,
      MH = rma.mh(measure = measure, ai = t[[1]], n1i = t[[2]], ci = t[[3]], n2i = t[[4]], correct = FALSE),
      PETO = rma.peto(ai = t[[1]], n1i = t[[2]], ci = t[[3]], n2i = t[[4]]),
      rma(measure = measure, ai = t[[1]], n1i = t[[2]], ci = t[[3]], n2i = t[[4]], method = method, test = test, control = exact)
    ))
    rows[[length(rows) + 1]] <- c(list(data = name, measure = measure, method = method, interval = interval), told(fit, method))
  }
}
for (name in names(means)) for (measure in c("MD", "SMD")) for (method in c("FE", "DL", "PM", "REML")) for (interval in c("wald", "hk")) {
  t <- means[[name]]
  fit <- suppressWarnings(rma(measure = measure, m1i = t[[1]], sd1i = t[[2]], n1i = t[[3]], m2i = t[[4]], sd2i = t[[5]], n2i = t[[6]],
                              method = method, test = if (interval == "hk") "knha" else "z", control = exact))
  rows[[length(rows) + 1]] <- c(list(data = name, measure = measure, method = method, interval = interval), told(fit, method))
}
effects <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
regressions <- list()
for (method in c("FE", "DL", "PM", "REML")) for (interval in c("wald", "hk")) {
  fit <- suppressWarnings(rma(yi, vi, mods = ~ ablat + year, data = effects, method = method, test = if (interval == "hk") "knha" else "z", control = exact))
  regressions[[length(regressions) + 1]] <- list(
    method = unbox(method), interval = unbox(interval), coefficients = as.numeric(fit$beta), error = fit$se, lower = fit$ci.lb, upper = fit$ci.ub,
    p = fit$pval, tau2 = unbox(if (method == "FE") NA else fit$tau2), q = unbox(fit$QE), moderators = unbox(fit$QM), moderators_p = unbox(fit$QMp)
  )
}
lm_test <- regtest(rma(yi, vi, data = effects), model = "lm")
egger <- list(t = unbox(lm_test$zval), p = unbox(lm_test$pval), slope = unbox(unname(coef(lm_test$fit)["Xsei"])), limit = unbox(lm_test$est))
lines <- function(these, ...) {
  made <- vapply(these, function(row) as.character(toJSON(row, digits = NA, na = "null", ...)), "")
  c("[", paste0(made, c(rep(",", length(made) - 1), "")), "]")
}
versions <- list(R = unbox(as.character(getRversion())), metafor = unbox(as.character(packageVersion("metafor"))))
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "events": ', toJSON(events, digits = NA), ', "means": ', toJSON(means, digits = NA)),
  ', "pooled": ', lines(rows, auto_unbox = TRUE), ', "effects": ', toJSON(list(yi = as.numeric(effects$yi), vi = effects$vi), digits = NA),
  ', "moderators": ', toJSON(list(ablat = effects$ablat, year = effects$year)), ', "regressions": ', lines(regressions),
  ', "egger": ', toJSON(egger, digits = NA), "}"
), "pinned/pooling.json")
