# Pins adverse events per person-year of a small invented register, counted here row by row: who was observed for how
# long, by how much events of one person hang together, and exact limits by poisson.test and by qgamma.
library(jsonlite)

set.seed(20262)
day <- 1440
year <- 365.25 * day
person <- sprintf("p%02d", 1:40)
site <- ifelse(seq_along(person) %% 3 == 0, "dusk", "dawn")
treated <- seq_along(person) <= 36
row <- function(i, ...) data.frame(site = site[i], person = person[i], ..., stringsAsFactors = FALSE)

session <- do.call(rbind, lapply(which(treated), function(i) {
  minute <- cumsum(c(0, sample(2:9, sample(0:15, 1), replace = TRUE) * day + sample(0:600, 1)))
  row(i, session = sprintf("s%02d-%02d", i, seq_along(minute)), course = sprintf("c%02d", i), minute = minute,
      ended_minute = ifelse(runif(length(minute)) < 0.2, NA, minute + 40))
}))
score <- do.call(rbind, lapply(seq_along(person), function(i) {
  n <- sample(0:3, 1)
  if (n == 0) return(NULL)
  row(i, key = sprintf("q%02d-%d", i, seq_len(n)), minute = sample(-20:150, n) * day + 30)
}))
check <- do.call(rbind, lapply(which(runif(40) < 0.3), function(i) row(i, key = sprintf("k%02d", i), minute = sample(100:300, 1) * day)))
prone <- rgamma(40, 0.7)
event <- do.call(rbind, lapply(seq_along(person), function(i) {
  n <- rpois(1, 3 * prone[i])
  if (n == 0) return(NULL)
  mine <- session[session$person == person[i], ]
  from <- if (nrow(mine)) mine[sample(nrow(mine), n, replace = TRUE), ] else NULL
  inside <- runif(n) < 0.75 & nrow(mine) > 0
  row(i, key = sprintf("e%02d-%d", i, seq_len(n)),
      session = if (is.null(from)) NA else ifelse(inside, from$session, NA),
      term = sample(c("nausea", "headache", "sedation"), n, replace = TRUE, prob = c(5, 3, 1)),
      serious = runif(n) < 0.1,
      minute = if (is.null(from)) sample(0:90, n) * day else ifelse(inside, from$minute + sample(0:60, n, replace = TRUE), sample(-10:120, n) * day))
}))
end <- do.call(rbind, lapply(which(runif(40) < 0.35), function(i) row(i, kind = "lost", minute = if (runif(1) < 0.2) NA else sample(0:60, 1) * day - 540)))

observed <- function(who) {
  mine <- session[session$person == who, ]
  if (!nrow(mine)) return(NULL)
  heard <- c(mine$minute, mine$ended_minute, score$minute[score$person == who], check$minute[check$person == who],
             event$minute[event$person == who])
  until <- max(heard, na.rm = TRUE) + 1
  left <- end$minute[end$person == who]
  if (length(left) && !is.na(left)) until <- min(until, left + day)
  c(min(mine$minute), max(until, min(mine$minute)))
}
# Limits of `n` events in `time`, and of as many as are worth one.
answer <- function(k, time) {
  n <- sum(k)
  total <- sum(time)
  effect <- if (n == 0) 1 else max(1, sum((k - n / total * time)^2) / n)
  plain <- poisson.test(n, total)$conf.int
  list(events = n, people = sum(k > 0), years = total, effect = effect, plain_lower = plain[1], plain_upper = plain[2],
       lower = if (n == 0) 0 else qgamma(0.025, n / effect) / (total / effect),
       upper = qgamma(0.975, n / effect + 1) / (total / effect))
}
counted <- function(chosen, spans) {
  k <- vapply(spans, function(s) sum(event$person == s$who & chosen & event$minute >= s$from & event$minute < s$until), 0)
  answer(k, vapply(spans, function(s) (s$until - s$from) / year, 0))
}
whole <- Filter(Negate(is.null), lapply(person, function(who) {
  span <- observed(who)
  if (is.null(span)) NULL else list(who = who, from = span[1], until = span[2])
}))
kinds <- c(list(any_event = counted(TRUE, whole), serious_event = counted(event$serious, whole)),
           sapply(sort(unique(event$term)), function(term) counted(event$term == term, whole), simplify = FALSE))
edges <- c(1, 4, 9)
bands <- lapply(seq_along(edges), function(at) {
  spans <- Filter(Negate(is.null), lapply(whole, function(s) {
    begun <- sort(session$minute[session$person == s$who])
    if (length(begun) < edges[at]) return(NULL)
    next_at <- if (at < length(edges) && length(begun) >= edges[at + 1]) begun[edges[at + 1]] else s$until
    until <- min(next_at, s$until)
    if (until <= begun[edges[at]]) NULL else list(who = s$who, from = begun[edges[at]], until = until)
  }))
  counted(TRUE, spans)
})
in_session <- event$session %in% session$session
in_time <- mapply(function(who, minute) {
  span <- observed(who)
  !is.null(span) && minute >= span[1] && minute < span[2]
}, event$person, event$minute)
apart <- length(unique(event$person[in_session != in_time]))

pin <- list(
  versions = list(R = as.character(getRversion())),
  rows = list(session = session, score = score, check = check, event = event, end = end),
  edges = edges[-1], people = length(whole), apart = apart, kinds = kinds, bands = bands
)
writeLines(toJSON(pin, digits = NA, auto_unbox = TRUE, na = "null"), "pinned/person_time.json")
