// The part of the profile language that says whom to ask how the target is.

import { probeContradictions } from './contradictions.ts';
import { basicAuthorization, bearerAuthorization } from './headers.ts';
import { readProbePeriod, readProbeTimeout } from './quantities.ts';
import { address, eitherForm, file, flag, headers, oneOrMore, quantity, raise, section } from './schema-parts.ts';
import { readMongoUri, readPin, readProbeUrl } from './target.ts';

const pace = {
  period: quantity(readProbePeriod, 'a duration such as 5s').optional(),
  timeout: quantity(readProbeTimeout, 'a duration such as 2s').optional(),
};

const probeUrl = address(readProbeUrl, 'a path such as /health, or a URL');

const httpProbe = section(
  {
    url: probeUrl,
    headers: headers.optional(),
    basic: address(basicAuthorization, 'a user and a password such as me:secret').optional(),
    bearer: address(bearerAuthorization, 'a token').optional(),
    insecure: flag.optional(),
    cacert: file.optional(),
    cert: file.optional(),
    key: file.optional(),
    ...pace,
  },
  'a mapping such as { url: /health, period: 5s }',
).superRefine(raise(probeContradictions));

const mongoUri = address(readMongoUri, 'a URI such as mongodb://localhost');
const mongoProbe = section({ uri: mongoUri, ...pace }, 'a mapping such as { uri: mongodb://localhost, period: 5s }');

/** The key `probes`. */
export const probes = section(
  {
    health: oneOrMore(eitherForm(probeUrl, httpProbe)).optional(),
    metrics: oneOrMore(
      eitherForm(address(readProbeUrl, 'a URL such as http://localhost:9464/metrics'), httpProbe),
    ).optional(),
    mongo: oneOrMore(eitherForm(mongoUri, mongoProbe)).optional(),
    headers: headers.optional(),
    pin: oneOrMore(address(readPin, 'a name of metrics such as buffer_*')).optional(),
    enabled: flag.optional(),
  },
  'a mapping of probes',
);
