// The load model in words, with what a measurement with it cannot see.

import { hidesWaiting, type Model } from '../common/model.ts';

/** What is said of response times where a slow target slows the arrivals too. */
export const waitingUnseen = 'closed model: waiting is not seen';

const words: Readonly<Record<Model, string>> = {
  open: 'open model',
  closed: waitingUnseen,
  'full speed': `full speed; ${waitingUnseen}`,
  burst: 'bursts: so many at once, then all are awaited',
};

/** `open model`, `full speed; closed model: waiting is not seen`. */
export const modelText = (model: Model): string => words[model];

/** The warning, where it holds for the model. */
export const waitingText = (model: Model): string | undefined => (hidesWaiting(model) ? waitingUnseen : undefined);
