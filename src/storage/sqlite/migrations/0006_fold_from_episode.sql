-- Conversations that were written before they knew from where to fold: from their last episode
-- on, unless one of them left a message, which an agent may still have to take up.
UPDATE conversation SET fold_from = (
    SELECT seq FROM event
    WHERE event.conversation = conversation.key AND body LIKE '{"type":"episode_started"%'
    ORDER BY seq DESC LIMIT 1)
WHERE fold_from = 0
    AND EXISTS (
        SELECT 1 FROM event
        WHERE event.conversation = conversation.key AND body LIKE '{"type":"episode_started"%')
    AND NOT EXISTS (
        SELECT 1 FROM event
        WHERE event.conversation = conversation.key AND body LIKE '{"type":"message_left"%');
