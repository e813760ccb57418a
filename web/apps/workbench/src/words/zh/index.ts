import { bell } from "./bell";
import { board } from "./board";
import { campaign } from "./campaign";
import { caseComplaint } from "./caseComplaint";
import { caseDesk } from "./caseDesk";
import { channel } from "./channel";
import { channelMonitor } from "./channelMonitor";
import { deadLetter } from "./deadLetter";
import { door } from "./door";
import { effect } from "./effect";
import { feature } from "./feature";
import { file } from "./file";
import { filing } from "./filing";
import { frame } from "./frame";
import { hall } from "./hall";
import { insight } from "./insight";
import { insightResult } from "./insightResult";
import { kiosk } from "./kiosk";
import { lawDesk } from "./lawDesk";
import { lawValue } from "./lawValue";
import { money } from "./money";
import { partner } from "./partner";
import { scene } from "./scene";
import { search } from "./search";
import { service } from "./service";
import { task } from "./task";
import { waiting } from "./waiting";

/** Every sentence of the workbench, in Chinese. */
export const zh = {
  ...frame,
  ...bell,
  ...door,
  ...search,
  ...partner,
  ...feature,
  ...file,
  ...filing,
  ...money,
  ...insight,
  ...insightResult,
  ...lawDesk,
  ...lawValue,
  ...task,
  ...caseDesk,
  ...caseComplaint,
  ...effect,
  ...board,
  ...hall,
  ...kiosk,
  ...channel,
  ...channelMonitor,
  ...campaign,
  ...scene,
  ...waiting,
  ...service,
  ...deadLetter,
};

/** The name of a sentence. */
export type WordKey = keyof typeof zh;
