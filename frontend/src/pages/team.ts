/* A page of the team beside the chair: today's list, and the page before the start. */
import { joinTeam } from "../bedside/team";

joinTeam();
