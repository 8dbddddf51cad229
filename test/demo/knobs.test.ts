// Knobs and flags: what is taken, and that what is not gets a sentence that says how to mend it.
import { describe, expect, it } from 'vitest';
import { defaultSecrets, readFlags, UsageError, usage } from '../../source/demo/flags.ts';
import { knobNames, knobTable } from '../../source/demo/knob-table.ts';
import { defaultKnobs, KnobError, type Knobs, lastingKnobs, readKnobPatch } from '../../source/demo/knobs.ts';
import { withoutSecrets } from '../../source/demo/mongo-sink.ts';
import { serviceTime } from '../../source/demo/service-time.ts';

describe('a patch of knobs', () => {
  it('takes any part of them', () => {
    const patch = readKnobPatch({ capacity: 10.5, fault503: 0.25, stallMs: 100, listen: true }, defaultKnobs);
    expect(patch).toEqual({ capacity: 10.5, fault503: 0.25, stallMs: 100, listen: true });
    expect(lastingKnobs(defaultKnobs, patch)).toEqual({ ...defaultKnobs, capacity: 10.5, fault503: 0.25 });
    expect(readKnobPatch({}, defaultKnobs)).toEqual({});
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 7, /expected a JSON object/],
    ['an array', [], /expected a JSON object/],
    ['an unknown knob', { capcity: 1 }, /unknown knob "capcity"; there are capacity, /],
    ['an inherited name', JSON.parse('{"__proto__": 1}'), /unknown knob/],
    ['a text', { capacity: '10' }, /capacity must be a number from 0 to 1000000000, not "10"/],
    ['a negative number', { serviceMs: -1 }, /serviceMs must be/],
    ['a broken number of events', { bufferSize: 1.5 }, /bufferSize must be a whole number from 1/],
    ['no room at all', { bufferSize: 0 }, /bufferSize must be/],
    ['a share above 1', { fault524: 1.1 }, /fault524 must be a number from 0 to 1, not 1.1/],
    ['shares above 1 together', { fault503: 0.6, faultReset: 0.6 }, /add up to more than 1/],
    ['null', { faultReset: null }, /faultReset must be .* not null/],
    ['a number for yes or no', { listen: 1 }, /listen must be true or false/],
    ['a text for yes or no', { mounted: 'no' }, /mounted must be true or false, not "no"/],
    ['a stall without an end', { stallMs: 1e9 }, /stallMs must be a number from 0 to 600000/],
  ])('refuses %s', (_, body, message) => {
    expect(() => readKnobPatch(body, defaultKnobs)).toThrow(KnobError);
    expect(() => readKnobPatch(body, defaultKnobs)).toThrow(message);
  });

  it('is checked together with the shares that are set already', () => {
    const current: Knobs = { ...defaultKnobs, fault503: 0.7 };
    expect(() => readKnobPatch({ fault524: 0.4 }, current)).toThrow(/add up/);
    expect(readKnobPatch({ fault524: 0.2, faultReset: 0.1 }, current)).toEqual({ fault524: 0.2, faultReset: 0.1 });
  });
});

describe('flags', () => {
  it('have defaults', () => {
    expect(readFlags([])).toEqual({
      host: '127.0.0.1',
      port: 0,
      knobs: defaultKnobs,
      secrets: defaultSecrets,
      mongo: undefined,
      exitWithParent: false,
      help: false,
    });
  });

  it('set what they name', () => {
    const text =
      '--port 81 --host ::1 --capacity 1 --buffer 2 --mounted false --upload-key a --chat-token b --mongo auto --exit-with-parent';
    expect(readFlags(text.split(' '))).toEqual({
      host: '::1',
      port: 81,
      knobs: { ...defaultKnobs, capacity: 1, bufferSize: 2, mounted: false },
      secrets: { uploadKey: 'a', chatToken: 'b' },
      mongo: 'auto',
      exitWithParent: true,
      help: false,
    });
  });

  it('set every knob, and the help names each', () => {
    for (const name of knobNames) {
      const { flag, initial } = knobTable[name];
      const value = typeof initial === 'boolean' ? !initial : 1;
      expect(readFlags([`--${flag}`, String(value)]).knobs).toEqual({ ...defaultKnobs, [name]: value });
      expect(usage).toContain(`--${flag} `);
    }
  });

  it('come before the environment, which may hold what is secret', () => {
    const env = { LOADTOP_DEMO_MONGO: 'mongodb://a', LOADTOP_DEMO_UPLOAD_KEY: 'b', LOADTOP_DEMO_CHAT_TOKEN: 'c' };
    expect(readFlags(['--chat-token', 'd'], env)).toMatchObject({
      mongo: 'mongodb://a',
      secrets: { uploadKey: 'b', chatToken: 'd' },
    });
  });

  it.each<[string, RegExp]>([
    ['--capacity many', /^--capacity must be a number from 0 to 1000000000, not "many"$/],
    ['--capacity=', /^--capacity must be/],
    ['--buffer 0', /^--buffer must be a whole number/],
    ['--fault-503 .6 --fault-524 .6', /add up to more than 1/],
    ['--port 65536', /^--port must be a whole number from 0 to 65535, not "65536"$/],
    ['--port 1.5', /^--port must be/],
    ['--mounted no', /^--mounted must be true or false, not "no"$/],
    ['--speed 3', /^Unknown option '--speed'$/],
    ['extra', /^Unexpected argument 'extra'$/],
    ['--mongo', /argument missing$/],
  ])('refuse %s in one sentence', (text, message) => {
    expect(() => readFlags(text.split(' '))).toThrow(UsageError);
    expect(() => readFlags(text.split(' '))).toThrow(message);
  });
});

describe('the service time', () => {
  it('has the base as its mean, and six times that when the buffer is full', () => {
    const mean = (fill: number): number => {
      let sum = 0;
      for (let k = 0; k < 10_000; k += 1) sum += serviceTime(5, fill, (k + 0.5) / 10_000);
      return sum / 10_000;
    };
    expect(mean(0)).toBeCloseTo(5, 1);
    expect(mean(0.5)).toBeCloseTo(11.25, 1);
    expect(mean(1)).toBeCloseTo(30, 1);
  });

  it('is never less than four fifths of the base', () => {
    expect(serviceTime(5, 0, 0)).toBe(4);
  });
});

describe('a connection string for other eyes', () => {
  it.each([
    ['mongodb://127.0.0.1:27017/', 'mongodb://127.0.0.1:27017/'],
    ['mongodb://ann:s%40cret@a:1,b:2/x?y=1', 'mongodb://ann@a:1,b:2/x?y=1'],
    ['mongodb+srv://ann:secret@db.example/', 'mongodb+srv://ann@db.example/'],
    ['mongodb://a/?tlsCertificateKeyFilePassword=secret&w=1', 'mongodb://a/?tlsCertificateKeyFilePassword=***&w=1'],
    [
      'mongodb://a/?authMechanismProperties=AWS_SESSION_TOKEN:secret,B:2',
      'mongodb://a/?authMechanismProperties=AWS_SESSION_TOKEN:***,B:2',
    ],
  ])('%s is %s', (uri, shown) => {
    expect(withoutSecrets(uri)).toBe(shown);
  });
});
