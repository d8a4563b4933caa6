#!/usr/bin/env node
import { runCommand } from './journal/commands.ts';
import { journalCommand } from './journal/journal-command.ts';

await runCommand(journalCommand());
