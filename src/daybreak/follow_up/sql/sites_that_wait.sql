-- At which sites does the worker have something to do? It asks for all of them at once, instead of each site every few seconds, and then
-- works at those in their own scopes. Only codes of sites are told. Messages whose time was over before `since` are not looked at: the worker
-- asks without that bound when it starts and from time to time, so that one that waited through a long outage is given up in words.
CREATE FUNCTION follow_up_sites_that_wait(at timestamptz, since timestamptz, OUT site text, OUT has_tasks boolean, OUT has_messages boolean)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT waits.site, bool_or(waits.is_task), bool_or(NOT waits.is_task) FROM (
        SELECT t.site, true AS is_task FROM follow_up_task t
        WHERE NOT EXISTS (SELECT FROM follow_up_taskstep s WHERE s.site = t.site AND s.task_key = t.key AND s.step = 'closed')
        UNION ALL
        SELECT m.site, false FROM follow_up_message m
        WHERE m.wanted_at <= at AND m.until >= since
          AND NOT EXISTS (SELECT FROM follow_up_messagestep s WHERE s.site = m.site AND s.message_key = m.key AND s.step <> 'failed')
    ) waits
    GROUP BY waits.site
$$;
