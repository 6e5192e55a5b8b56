suppressMessages(library(lme4))
words <- commandArgs(TRUE); designs <- as.integer(words[2]); values <- readBin(words[1], "double", file.size(words[1]) / 8)
quiet <- lmerControl(calc.derivs = FALSE, check.conv.singular = "ignore")
frame <- function(v) { n <- length(v) / 4; data.frame(y = v[1:n], d = v[n + 1:n], a = v[2 * n + 1:n], p = v[3 * n + 1:n]) }
if (designs == 0) {
  rows <- frame(values)
  began <- proc.time()[3]
  fit <- lmer(y ~ d * a + (1 + d | p), rows, control = quiet)
  cat(sprintf("%.17g", c(proc.time()[3] - began, REMLcrit(fit))), sep = "\n")
} else {
  at <- 0
  for (one in seq_len(designs)) {
    n <- values[at + 1]; rows <- frame(values[at + 1 + seq_len(4 * n)]); at <- at + 1 + 4 * n
    cat(sprintf("%.17g\n", REMLcrit(suppressWarnings(suppressMessages(lmer(y ~ d * a + (1 + d | p), rows, control = quiet))))))
  }
}
