#!/usr/bin/env node
import { runCommand } from './journal/commands.ts';
import { replayCommand } from './journal/replay-command.ts';

await runCommand(replayCommand());
