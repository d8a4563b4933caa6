import type { MessageBody } from '../world/messages.ts';
import type { Body } from './route.ts';

/** What is wrong with a message, by path. */
export type Problems = Record<string, string>;

const COMPONENTS_V2 = 1 << 15;
const MAX_COMPONENTS = 40;
const MAX_EMBED_TEXT = 6000;

const EMBED_LIMITS: readonly (readonly [path: string, most: number])[] = [
  ['title', 256],
  ['description', 4096],
  ['footer.text', 2048],
  ['author.name', 256],
];

/** The fields of a message that are present in a body. */
export function readMessage(body: Body): Partial<MessageBody> {
  return {
    ...('content' in body ? { content: String(body.content ?? '') } : {}),
    ...('embeds' in body ? { embeds: listOf(body.embeds) } : {}),
    ...('components' in body ? { components: listOf(body.components) } : {}),
    ...('flags' in body ? { flags: Number(body.flags ?? 0) } : {}),
    allowedMentions: body.allowed_mentions ?? null,
  };
}

/** Checks a message against Discord's documented sizes. An empty record means it is fine. */
export function messageProblems(message: MessageBody): Problems {
  const problems: Problems = {};
  if (message.content.length > 2000) problems.content = 'Must be 2000 or fewer in length.';
  if (message.embeds.length > 10) problems.embeds = 'Must be 10 or fewer in length.';
  let text = 0;
  for (const [index, embed] of message.embeds.entries()) {
    text += checkEmbed(asRecord(embed), `embeds.${index}`, problems);
  }
  if (text > MAX_EMBED_TEXT) problems.embeds = 'Embed size exceeds maximum size of 6000';
  checkComponents(message, problems);
  return problems;
}

function checkEmbed(embed: Record<string, unknown>, path: string, problems: Problems): number {
  let text = 0;
  for (const [name, most] of EMBED_LIMITS) {
    const value = name.split('.').reduce<unknown>((place, step) => asRecord(place)[step], embed);
    text += checkText(value, most, `${path}.${name}`, problems);
  }
  const fields = listOf(embed.fields);
  if (fields.length > 25) problems[`${path}.fields`] = 'Must be 25 or fewer in length.';
  for (const [index, entry] of fields.entries()) {
    const field = asRecord(entry);
    text += checkText(field.name, 256, `${path}.fields.${index}.name`, problems, true);
    text += checkText(field.value, 1024, `${path}.fields.${index}.value`, problems, true);
  }
  return text;
}

function checkText(
  value: unknown,
  most: number,
  path: string,
  problems: Problems,
  required = false,
): number {
  const length = typeof value === 'string' ? value.length : 0;
  if (length > most) problems[path] = `Must be ${most} or fewer in length.`;
  if (required && length === 0) problems[path] = 'This field is required';
  return length;
}

function checkComponents(message: MessageBody, problems: Problems): void {
  if (countComponents(message.components) > MAX_COMPONENTS)
    problems.components = 'Too many components.';
  const isV2 = (message.flags & COMPONENTS_V2) !== 0;
  if (!isV2) return;
  if (message.content !== '') problems.content = 'Cannot be used with IS_COMPONENTS_V2.';
  if (message.embeds.length > 0) problems.embeds = 'Cannot be used with IS_COMPONENTS_V2.';
}

function countComponents(components: readonly unknown[]): number {
  return components.reduce<number>(
    (sum, component) => sum + 1 + countComponents(listOf(asRecord(component).components)),
    0,
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
