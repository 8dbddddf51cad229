// The number of an iteration in the closed model, which all that is drawn for it depends on: a function of the user and of how
// many iterations it has had, so that users of any worker send the same in every run.

/** Numbers of users beyond those the plan speaks of begin here. */
const beyond = 2 ** 40;
/** There are never more users than this. */
const mostUsers = 1_000_000;

/**
 * The number of iteration `iteration` of user `user`, both from 0; no two have the same. While all users are equally fast,
 * numbers come in turn.
 * @param users that the plan speaks of, at least 1; a user above has numbers of its own
 */
export const iterationNumber = (user: number, iteration: number, users: number): number =>
  user < users ? iteration * users + user : beyond + iteration * mostUsers + user;
