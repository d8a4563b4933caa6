#!/usr/bin/env node
import { exportCommand } from './export/export-command.ts';
import { runCommand } from './journal/commands.ts';

await runCommand(exportCommand());
