# Pins meta-analyses of metafor's own example data sets, one column file each, as a stranger would hand them to
# `daybreak evidence pool`: every measure, method and interval on the natural scale, with and without moderators.
suppressMessages({library(metafor); library(jsonlite)})

exact <- list(threshold = 1e-10, maxiter = 10000, tol = 1e-13, tau2.max = 1e4)
number <- function(x) if (length(x) == 0 || is.na(x)) NA else as.numeric(x)
data <- list(
  "dat.bcg" = dat.bcg[c("tpos", "tneg", "cpos", "cneg", "ablat", "year")],
  "dat.colditz1994" = dat.colditz1994[c("tpos", "tneg", "cpos", "cneg")],
  "dat.hine1989" = dat.hine1989[c("ai", "n1i", "ci", "n2i")],
  "dat.nielweise2007" = dat.nielweise2007[c("ai", "n1i", "ci", "n2i", "year")],
  "dat.linde2005" = dat.linde2005[c("ai", "n1i", "ci", "n2i", "year")],
  "dat.yusuf1985, table 6" = subset(dat.yusuf1985, table == "6")[c("ai", "n1i", "ci", "n2i")],
  "one trial of dat.hine1989" = dat.hine1989[1, c("ai", "n1i", "ci", "n2i")],
  "dat.anand1999" = dat.anand1999[c("ai", "n1i", "ci", "n2i")],
  "dat.bourassa1996, with an empty arm" = setNames(dat.bourassa1996[c("lh.le", "lh.re", "rh.le", "rh.re")], c("tpos", "tneg", "cpos", "cneg")),
  "dat.collins1985b, perinatal deaths" = setNames(dat.collins1985b[c("ped.xti", "fup.nti", "ped.xci", "fup.nci")], c("ai", "n1i", "ci", "n2i")),
  "dat.curtis1998" = dat.curtis1998[c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")],
  "dat.normand1999" = dat.normand1999[c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")],
  "dat.raudenbush1985" = dat.raudenbush1985[c("yi", "vi", "weeks")],
  "dat.hackshaw1998" = dat.hackshaw1998[c("yi", "vi", "year")]
)
moderators <- list("dat.bcg" = "ablat", "dat.nielweise2007" = "year", "dat.raudenbush1985" = "weeks", "dat.hackshaw1998" = "year")
rows <- list()
for (name in names(data)) {
  d <- na.omit(data[[name]]); has <- function(...) all(c(...) %in% names(d))
  events <- has("tpos") || has("ai")
  measures <- if (events) c("OR", "RR", "RD") else if (has("m1i")) c("MD", "SMD") else if (name == "dat.hackshaw1998") "OR" else "SMD"
  for (measure in measures) for (method in c("FE", "DL", "PM", "REML", if (events) c("MH", "PETO")))
    for (interval in if (method %in% c("MH", "PETO") || nrow(d) == 1) "wald" else c("wald", "hk")) {
      if (method == "PETO" && measure != "OR") next
      t <- if (has("tpos")) list(ai = d$tpos, bi = d$tneg, ci = d$cpos, di = d$cneg) else as.list(d[intersect(names(d), c("ai", "n1i", "ci", "n2i"))])
      effects <- if (events) do.call(escalc, c(t, list(measure = measure))) else if (has("m1i")) escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d) else d[c("yi", "vi")]
      test <- if (interval == "hk") "knha" else "z"
      fit <- suppressWarnings(switch(method,
        MH = do.call(rma.mh, c(t, list(measure = measure, correct = FALSE))),
        PETO = do.call(rma.peto, t),
        rma(as.numeric(effects$yi), effects$vi, method = method, test = test, control = exact)
      ))
      back <- if (measure %in% c("OR", "RR")) exp else identity
      random <- method %in% c("DL", "PM", "REML")
      ahead <- if (random) suppressWarnings(predict(fit)) else NULL
      row <- list(
        data = unbox(name), measure = unbox(measure), method = unbox(method), interval = unbox(interval),
        estimate = unbox(back(as.numeric(fit$beta)[1])), lower = unbox(back(fit$ci.lb[1])), upper = unbox(back(fit$ci.ub[1])),
        tau2 = unbox(if (random) fit$tau2 else NA), i2 = unbox(number(fit$I2)), q = unbox(number(fit$QE)), k = unbox(nrow(d)),
        prediction_lower = unbox(if (random) back(number(ahead$pi.lb)) else NA), prediction_upper = unbox(if (random) back(number(ahead$pi.ub)) else NA)
      )
      by <- moderators[[name]]
      if (!is.null(by) && !method %in% c("MH", "PETO")) {
        more <- suppressWarnings(rma(as.numeric(effects$yi), effects$vi, mods = d[[by]], method = method, test = test, control = exact))
        row$moderator <- unbox(by); row$coefficients <- as.numeric(more$beta); row$errors <- more$se; row$moderator_p <- unbox(more$QMp)
      }
      rows[[length(rows) + 1]] <- row
    }
}
lines <- vapply(rows, function(row) as.character(toJSON(row, digits = NA, na = "null")), "")
columns <- lapply(data, function(d) as.list(na.omit(d)))
versions <- list(R = unbox(as.character(getRversion())), metafor = unbox(as.character(packageVersion("metafor"))))
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "data": ', toJSON(columns, digits = NA), ', "pooled": ['),
  paste0(lines, c(rep(",", length(lines) - 1), "")), "]}"
), "pinned/examples.json")
