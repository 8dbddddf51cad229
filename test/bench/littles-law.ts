// Little's law for users who think between two answers: how often they come, how many times in a run in which they begin one
// after the other, and by how much chance may put such a figure off. Pure.

import { meanThinkMs, type Think } from '../../source/load/think.ts';

/** Iterations per second: each user begins one in every think time and response time, whatever their distributions. */
export const lawRate = (users: number, think: Think, responseMs: number): number =>
  (users * 1000) / (meanThinkMs(think) + responseMs);

const varianceOf = (think: Think): number => {
  if (think.type === 'uniform') return (think.mostMs - think.leastMs) ** 2 / 12;
  return think.type === 'fixed' ? 0 : think.meanMs ** 2;
};

/** Variance of the time between two beginnings of a user by its mean squared; response times count as all alike. */
const dispersionOf = (think: Think, responseMs: number): number =>
  varianceOf(think) / (meanThinkMs(think) + responseMs) ** 2;

/**
 * Standard deviation of a number of iterations, relative to it, by the drawing of think times alone. The beginnings of one user
 * are a renewal process: over a time much longer than their distance the variance of their number is its mean times the
 * dispersion of the distances; users know nothing of each other, so that both add up.
 */
export const lawChance = (think: Think, responseMs: number, iterations: number): number =>
  Math.sqrt(dispersionOf(think, responseMs) / iterations);

export interface Crowd {
  readonly users: number;
  /** Users that begin in a second; Infinity: all at once. */
  readonly spawnRate: number;
  readonly lengthMs: number;
}

/**
 * Iterations begun in a run: the first of a user at once, with nothing to think about, which is half an iteration and half the
 * dispersion more than the law says of one who has always been there.
 */
export const lawCount = ({ users, spawnRate, lengthMs }: Crowd, think: Think, responseMs: number): number => {
  const cycleMs = meanThinkMs(think) + responseMs;
  const more = (1 + dispersionOf(think, responseMs)) / 2;
  let count = 0;
  for (let user = 0; user < users; user += 1) {
    const leftMs = lengthMs - (user * 1000) / spawnRate;
    if (leftMs <= 0) break;
    count += Math.max(1, leftMs / cycleMs + more);
  }
  return count;
};
