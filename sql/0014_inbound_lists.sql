-- Lists of native messages, newest first, without a look through all of them: those of one system, and the few that stand apart.
-- By -id, because a plan for any system would rather go through all by their ids, as if each system had sent something lately.
create index inbound_by_system on inbound (system, (-id));
create index inbound_apart on inbound (state, id) where state in ('held', 'quarantined', 'conflict', 'refused');
