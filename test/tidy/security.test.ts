import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileAt, readTree } from './tree.ts';

const tree = readTree();

test('SECURITY.md lists every table and column that is stored, and no other', () => {
  const schema = fileAt(tree, 'packages/service/src/storage/schema.ts').text;
  const tables = /interface Schema \{([^}]*)\}/.exec(schema)?.[1] ?? '';
  const stored = [...tables.matchAll(/readonly (\w+): (\w+);/g)].map(
    ({ 1: name, 2: type = '' }) => {
      const body = new RegExp(`interface ${type} \\{([^}]*)\\}`).exec(schema)?.[1] ?? '';
      return [name, [...body.matchAll(/readonly (\w+):/g)].map(([, column]) => column)];
    },
  );
  const page = fileAt(tree, 'SECURITY.md').text;
  const listed = [...page.matchAll(/^\| `(\w+)` \| ([^|]*) \|/gm)].map(
    ({ 1: name, 2: columns = '' }) => [
      name,
      [...columns.matchAll(/`(\w+)`/g)].map(([, column]) => column),
    ],
  );
  assert.ok(stored.length > 5);
  assert.deepEqual(listed, stored);
});
