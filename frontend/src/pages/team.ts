/* A page of the team beside the chair: today's list, and the page before the start, where a touch on a sign opens its entry. */
import { enter } from "../bedside/entry";
import { joinTeam } from "../bedside/team";

joinTeam();
enter();
