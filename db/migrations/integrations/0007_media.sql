-- Speech and images: what the sandbox has of them, and what the vendors' adapters want to know that differs by vendor. A service that is sold by the character or the
-- image says so (`unit`), and `max_characters` is the longest text that it takes.
-- A service without any price is one whose price nobody knows. What is free says so from here on, with a price of nothing: the sandbox, and servers of a
-- tenant's own, which charge nobody by the call (an operator who knows better adds a price for self_hosted/*).
-- migrate:up
insert into integrations.vendor_services (id, vendor_id, service_name, display_name, description, modality, capabilities) values
  ('sandbox/speech', 'sandbox', 'speech', 'Tones', 'A short tone for each letter, as WAV: the same text always sounds the same.', 'speech', '{"unit": "character", "max_characters": 10000}'),
  ('sandbox/image', 'sandbox', 'image', 'Pattern', 'A pattern of squares, as PNG: the same prompt always looks the same.', 'image', '{"unit": "image", "max_characters": 10000}');

update integrations.vendors set settings = settings || '{"default_voice": "JBFqnCBsd6RMkjVDRZzb"}', updated_at = now() where id = 'elevenlabs';
update integrations.vendor_services set capabilities = capabilities || '{"max_characters": 10000}', updated_at = now() where vendor_id = 'stability';

insert into integrations.vendor_prices (service_id, valid_from)
select s.id, '2026-01-01Z' from integrations.vendor_services s
where (s.vendor_id = 'sandbox' or s.id = 'self_hosted/*') and not exists (select from integrations.vendor_prices p where p.service_id = s.id);
-- migrate:down
alter table integrations.vendor_prices disable trigger user;
delete from integrations.vendor_prices p using integrations.vendor_services s
where s.id = p.service_id and (s.vendor_id = 'sandbox' or s.id = 'self_hosted/*') and s.id not in ('sandbox/priced', 'sandbox/embed');
alter table integrations.vendor_prices enable trigger user;
update integrations.vendor_services set capabilities = capabilities - 'max_characters', updated_at = now() where vendor_id = 'stability';
update integrations.vendors set settings = settings - 'default_voice', updated_at = now() where id = 'elevenlabs';
delete from integrations.vendor_services where id in ('sandbox/speech', 'sandbox/image');
