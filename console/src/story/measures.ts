/** Heights and widths that the style sheets and the arrows share: story-timeline.module.css has the same. */
export const ROW_PX = 48;
export const TIME_PX = 128;
/** From a lane's edge to where arrows leave a card. */
export const FOOT_PX = 16;
export const GAP_PX = 6;
