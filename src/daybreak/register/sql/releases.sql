-- Two reviewers, neither of them the requester: kept by the database, whatever path a row takes. Who acts is recorded_by, which the
-- application cannot write.
CREATE FUNCTION register_may_review() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE asked_by uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.request_key::text, 0));
    SELECT recorded_by INTO asked_by FROM register_releaserequest WHERE site = NEW.site AND key = NEW.request_key;
    IF NEW.recorded_by IS NULL THEN
        RAISE EXCEPTION 'a request is answered by a person' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.answer = 'take_back' AND NEW.recorded_by IS DISTINCT FROM asked_by THEN
        RAISE EXCEPTION 'only who asked takes a request back' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.answer <> 'take_back' AND NEW.recorded_by IS NOT DISTINCT FROM asked_by THEN
        RAISE EXCEPTION 'nobody reviews a request of their own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER may_review BEFORE INSERT ON register_releasereview FOR EACH ROW EXECUTE FUNCTION register_may_review();

CREATE FUNCTION register_may_hand_out() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE asked register_releaserequest;
BEGIN
    -- Whoever answers meanwhile waits, or is waited for, so that an approval which is taken back is not overlooked.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.request_key::text, 0));
    SELECT * INTO asked FROM register_releaserequest WHERE site = NEW.site AND key = NEW.request_key;
    IF (SELECT count(DISTINCT recorded_by) FROM register_releasereview
        WHERE site = NEW.site AND request_key = NEW.request_key AND answer = 'approve'
          AND recorded_by IS DISTINCT FROM asked.recorded_by) < 2
       OR EXISTS (SELECT FROM register_releasereview
                  WHERE site = NEW.site AND request_key = NEW.request_key AND answer <> 'approve') THEN
        RAISE EXCEPTION 'a release needs two approvals that stand' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.expires_on < (clock_timestamp() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'the approval has ended' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER may_hand_out BEFORE INSERT ON register_handout FOR EACH ROW EXECUTE FUNCTION register_may_hand_out();
