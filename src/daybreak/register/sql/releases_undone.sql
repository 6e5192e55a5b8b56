DROP FUNCTION register_may_hand_out() CASCADE;
DROP FUNCTION register_may_review() CASCADE;
