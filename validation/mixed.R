# Pins linear mixed models of lme4: its sleep study and random designs, among them some with a variance of 0.
suppressMessages({library(lme4); library(jsonlite)})

careful <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE,
                       check.conv.singular = "ignore")
told <- function(fit) {
  spread <- as.data.frame(VarCorr(fit), order = "lower.tri")
  list(coefficients = unname(fixef(fit)), error = unname(sqrt(diag(as.matrix(vcov(fit))))), variances = spread$vcov,
       criterion = unbox(if (isREML(fit)) REMLcrit(fit) else -2 * as.numeric(logLik(fit))))
}
case <- function(name, reml, slope, data) {
  form <- if (slope) y ~ x * a + (1 + x | g) else y ~ x * a + (1 | g)
  fit <- suppressWarnings(lmer(form, data, REML = reml, control = careful))
  c(list(name = unbox(name), reml = unbox(reml), slope = unbox(slope), y = data$y, x = data$x, a = data$a, g = data$g), told(fit))
}
sleep <- data.frame(y = sleepstudy$Reaction, x = sleepstudy$Days, a = as.integer(sleepstudy$Subject) %% 2, g = as.integer(sleepstudy$Subject))
drawn <- function(seed, groups, between, slope, tied) {
  set.seed(seed)
  size <- sample(2:8, groups, TRUE); g <- rep(seq_len(groups), size); x <- unlist(lapply(size, function(n) sort(round(runif(n, 0, 6), 1))))
  u <- rnorm(groups, 0, between); v <- slope * (tied * u / max(between, 1e-9) + sqrt(1 - tied^2) * rnorm(groups))
  a <- rbinom(groups, 1, 0.5)[g]
  data.frame(y = round(10 - x + a + u[g] + v[g] * x + rnorm(length(g)), 3), x = x, a = a, g = g)
}
cases <- list(
  case("sleep study, REML", TRUE, TRUE, sleep), case("sleep study, ML", FALSE, TRUE, sleep), case("sleep study, level only", TRUE, FALSE, sleep),
  case("no variance between", TRUE, TRUE, drawn(1, 30, 0, 0, 0)), case("no variance of slopes", TRUE, TRUE, drawn(2, 40, 2, 0, 0)),
  case("tied together", TRUE, TRUE, drawn(3, 40, 1, 1, 1)), case("few groups", TRUE, TRUE, drawn(4, 6, 2, 0.5, 0.3)),
  case("strong", FALSE, TRUE, drawn(5, 25, 20, 5, -0.5)), case("level only, none", TRUE, FALSE, drawn(6, 25, 0, 0, 0))
)
lines <- vapply(cases, function(each) as.character(toJSON(each, digits = NA)), "")
versions <- list(R = unbox(as.character(getRversion())), lme4 = unbox(as.character(packageVersion("lme4"))))
writeLines(c(
  paste0('{"versions": ', toJSON(versions), ', "cases": ['), paste0(lines, c(rep(",", length(lines) - 1), "")), "]}"
), "pinned/mixed.json")
