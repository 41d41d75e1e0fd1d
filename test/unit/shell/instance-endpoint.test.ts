import { expect, test, type TestContext } from 'vitest';
import {
  answerWords,
  askRunningInstance,
  listenForSecondStart,
  type SecondStartAnswer,
} from '../../../electron/shell/instance-endpoint.ts';

const url = 'http://127.0.0.1:4000/?t=x';

/** What a second start says of an instance that was started from this build. */
async function saidOf({ onTestFinished }: TestContext, build?: string): Promise<string> {
  const endpoint = await listenForSecondStart(() => ({ kind: 'url', url }), build);
  onTestFinished(() => endpoint.close());
  const answer = await askRunningInstance(endpoint.text);
  return answer === undefined ? 'nothing' : answerWords(answer);
}

test('a second start says the address of the first, and where that one runs from another build, that it does', async (context) => {
  expect(await saidOf(context)).toBe(`Rackside is at ${url}`);
  const [address, other] = (await saidOf(context, 'flags-older.js')).split('\n');
  expect(address).toBe(`Rackside is at ${url}`);
  expect(other).toMatch(/another build .* end it and start again/u);
});

test('a window that has come forward likewise', () => {
  const words = (isOtherBuild: boolean): string => {
    const answer: SecondStartAnswer = { kind: 'window', isOtherBuild };
    return answerWords(answer);
  };
  expect(words(false)).toBe('Rackside is open already; its window has come forward.');
  expect(words(true)).toMatch(/come forward\.\nIt runs from another build/u);
});
