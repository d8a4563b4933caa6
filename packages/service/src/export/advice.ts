import type { Advice, ExportErrorCode } from '../service-error.ts';

/** For whoever wants their facts out. */
export const EXPORT_ADVICE: Readonly<Record<ExportErrorCode, Advice>> = {
  'export-none': {
    failed: 'There is nothing to export.',
    matters: 'An empty file would look as if nobody had ever joined.',
    fix: 'Check the id of the server, and run this with the DATA_DIR and DATABASE_URL of the bot.',
    confirm: 'Run it again: it says how many rows it wrote.',
  },
  'export-stopped': {
    failed: 'The export was stopped.',
    matters: 'Half a file could be taken for a whole one, so there is none.',
    fix: 'Run it again.',
    confirm: 'At its end it says how many rows it wrote.',
  },
  'export-unwritable': {
    failed: 'The export cannot be written there.',
    matters: 'Nothing was exported, and no file that was there was touched.',
    fix: 'Name another file with --out, in a folder that you may write to and that has room.',
    confirm: 'Run it again: it says how many rows it wrote.',
  },
};
