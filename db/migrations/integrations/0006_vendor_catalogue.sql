-- The vendors, a selection of what they offer, and their list prices as they stood in November 2026 (published pay-as-you-go rates; no batch or priority tiers).
-- What an operator adds or changes later with `vendors apply` lies over this: a price that is wrong by then gets a new row, this file stays as it is.
-- Sources: platform.claude.com (models and pricing), developers.openai.com (pricing, read 2026-11-05 by others), ai.google.dev (pricing), cohere.com, docs.perplexity.ai,
-- together.ai, elevenlabs.io, platform.stability.ai. Not represented: writing to a cache, fees for each web search (Perplexity), images as input at rates of their own (Cohere).
-- migrate:up
-- As it was written before, no address could be checked: PostgreSQL counts repetitions up to 255.
alter table integrations.vendors
  drop constraint vendors_base_url_check,
  add constraint vendors_base_url_check check (char_length(base_url) <= 2000 and base_url ~ '^https?://[^[:space:]?#]+$');

insert into integrations.vendors (id, name, description, auth_type, protocol, base_url, settings) values
  ('openai', 'OpenAI', 'GPT models, embeddings and images.', 'api_key', 'openai', 'https://api.openai.com/v1', '{"max_tokens_field": "max_completion_tokens"}'),
  ('anthropic', 'Anthropic', 'Claude models.', 'api_key', 'anthropic', 'https://api.anthropic.com/v1', '{}'),
  ('google', 'Google', 'Gemini models, through the endpoint that is compatible with OpenAI''s.', 'api_key', 'openai', 'https://generativelanguage.googleapis.com/v1beta/openai', '{"parallel_tool_calls": false}'),
  ('azure_openai', 'Azure OpenAI', 'Models of OpenAI in a tenant''s own Azure resource: the credential''s base_url names the resource, the model is the name of the deployment.', 'api_key', 'azure_openai', null, '{"max_tokens_field": "max_completion_tokens"}'),
  ('replicate', 'Replicate', 'Open models as predictions.', 'api_key', 'replicate', 'https://api.replicate.com/v1', '{}'),
  ('together', 'Together AI', 'Open models.', 'api_key', 'openai', 'https://api.together.xyz/v1', '{}'),
  ('elevenlabs', 'ElevenLabs', 'Speech from text.', 'api_key', 'elevenlabs', 'https://api.elevenlabs.io', '{}'),
  ('stability', 'Stability AI', 'Images from text.', 'api_key', 'stability', 'https://api.stability.ai', '{}'),
  ('cohere', 'Cohere', 'Command models and embeddings, through the endpoint that is compatible with OpenAI''s.', 'api_key', 'openai', 'https://api.cohere.ai/compatibility/v1', '{"parallel_tool_calls": false}'),
  ('huggingface', 'Hugging Face', 'Open models of many providers through one router.', 'api_key', 'openai', 'https://router.huggingface.co/v1', '{}'),
  ('perplexity', 'Perplexity', 'Models that search the web before they answer.', 'api_key', 'openai', 'https://api.perplexity.ai', '{"stream_usage": false, "parallel_tool_calls": false}'),
  ('self_hosted', 'Self-hosted', 'Any server that speaks OpenAI''s protocol (vLLM, Ollama, llama.cpp, LiteLLM and others): the credential''s base_url says where.', 'api_key', 'openai', null, '{}');

insert into integrations.vendor_services (id, vendor_id, service_name, display_name, modality, context_window, max_output, capabilities) values
  ('openai/gpt-6.1-sol', 'openai', 'gpt-6.1-sol', 'GPT-6.1 Sol', 'chat', 1050000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('openai/gpt-6-astra', 'openai', 'gpt-6-astra', 'GPT-6 Astra', 'chat', 1050000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('openai/gpt-6-sol', 'openai', 'gpt-6-sol', 'GPT-6 Sol', 'chat', 1050000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('openai/gpt-6-luna', 'openai', 'gpt-6-luna', 'GPT-6 Luna', 'chat', 1050000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('openai/gpt-5.4-mini', 'openai', 'gpt-5.4-mini', 'GPT-5.4 mini', 'chat', 400000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('openai/text-embedding-3-small', 'openai', 'text-embedding-3-small', 'Embedding 3 small', 'embedding', 8191, null, '{"dimensions": 1536}'),
  ('openai/text-embedding-3-large', 'openai', 'text-embedding-3-large', 'Embedding 3 large', 'embedding', 8191, null, '{"dimensions": 3072}'),
  ('anthropic/claude-fable', 'anthropic', 'claude-fable-5-1', 'Claude Fable 5.1', 'chat', 1000000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('anthropic/claude-opus', 'anthropic', 'claude-opus-5-5', 'Claude Opus 5.5', 'chat', 1000000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('anthropic/claude-sonnet', 'anthropic', 'claude-sonnet-5-5', 'Claude Sonnet 5.5', 'chat', 1000000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('anthropic/claude-haiku', 'anthropic', 'claude-haiku-5-5', 'Claude Haiku 5.5', 'chat', 1000000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('anthropic/claude-opus-5', 'anthropic', 'claude-opus-5', 'Claude Opus 5', 'chat', 1000000, 128000, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true, "temperature": false}'),
  ('google/gemini-3.1-pro', 'google', 'gemini-3.1-pro-preview', 'Gemini 3.1 Pro', 'chat', 1048576, 65536, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true}'),
  ('google/gemini-3.8-flash', 'google', 'gemini-3.8-flash', 'Gemini 3.8 Flash', 'chat', 1048576, 65536, '{"tools": true, "json_schema": true, "images": true, "streaming": true, "reasoning": true}'),
  ('azure_openai/*', 'azure_openai', '*', 'A deployment', 'chat', null, null, '{"tools": true, "json_schema": true, "images": true, "streaming": true}'),
  ('replicate/*', 'replicate', '*', 'A model by owner and name', 'chat', null, null, '{"images": true}'),
  ('together/*', 'together', '*', 'A model by its name', 'chat', null, null, '{"tools": true, "json_schema": true, "streaming": true}'),
  ('together/openai/gpt-oss-120b', 'together', 'openai/gpt-oss-120b', 'gpt-oss 120B', 'chat', 131072, null, '{"tools": true, "json_schema": true, "streaming": true}'),
  ('together/meta-llama/Llama-3.3-70B-Instruct-Turbo', 'together', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'Llama 3.3 70B', 'chat', 131072, null, '{"tools": true, "json_schema": true, "streaming": true}'),
  ('cohere/command-a', 'cohere', 'command-a-03-2025', 'Command A', 'chat', 256000, 8000, '{"tools": true, "json_schema": true, "streaming": true}'),
  ('cohere/command-r', 'cohere', 'command-r-08-2024', 'Command R', 'chat', 128000, 4096, '{"tools": true, "json_schema": true, "streaming": true}'),
  ('cohere/embed-v4.0', 'cohere', 'embed-v4.0', 'Embed 4', 'embedding', 128000, null, '{"dimensions": 1536}'),
  ('huggingface/*', 'huggingface', '*', 'A model by owner and name', 'chat', null, null, '{"tools": true, "json": true, "streaming": true}'),
  ('perplexity/sonar', 'perplexity', 'sonar', 'Sonar', 'chat', 128000, null, '{"json_schema": true, "images": true, "streaming": true}'),
  ('perplexity/sonar-pro', 'perplexity', 'sonar-pro', 'Sonar Pro', 'chat', 200000, 8000, '{"json_schema": true, "images": true, "streaming": true}'),
  ('self_hosted/*', 'self_hosted', '*', 'Whatever the server has', 'chat', null, null, '{"tools": true, "json": true, "images": true, "streaming": true}'),
  ('elevenlabs/multilingual-v2', 'elevenlabs', 'eleven_multilingual_v2', 'Multilingual v2', 'speech', null, null, '{"unit": "character", "max_characters": 10000}'),
  ('elevenlabs/flash-v2.5', 'elevenlabs', 'eleven_flash_v2_5', 'Flash v2.5', 'speech', null, null, '{"unit": "character", "max_characters": 40000}'),
  ('stability/core', 'stability', 'core', 'Stable Image Core', 'image', null, null, '{"unit": "image"}'),
  ('stability/ultra', 'stability', 'ultra', 'Stable Image Ultra', 'image', null, null, '{"unit": "image"}');

insert into integrations.vendor_prices (service_id, valid_from, input_micros_per_mtok, output_micros_per_mtok, cached_input_micros_per_mtok) values
  ('openai/gpt-6.1-sol', '2026-09-29Z', 2000000, 10000000, 100000),
  ('openai/gpt-6-astra', '2026-09-03Z', 10000000, 50000000, 1000000),
  ('openai/gpt-6-sol', '2026-09-22Z', 2000000, 10000000, 200000),
  ('openai/gpt-6-luna', '2026-09-22Z', 100000, 500000, 10000),
  ('openai/gpt-5.4-mini', '2026-06-01Z', 750000, 4500000, 75000),
  ('openai/text-embedding-3-small', '2024-01-25Z', 20000, 0, 20000),
  ('openai/text-embedding-3-large', '2024-01-25Z', 130000, 0, 130000),
  ('anthropic/claude-fable', '2026-09-01Z', 10000000, 50000000, 250000),
  ('anthropic/claude-opus', '2026-09-22Z', 4000000, 20000000, 200000),
  ('anthropic/claude-sonnet', '2026-09-28Z', 2000000, 10000000, 200000),
  ('anthropic/claude-sonnet', '2026-10-07Z', 2000000, 10000000, 100000),
  ('anthropic/claude-haiku', '2026-10-07Z', 100000, 500000, 10000),
  ('anthropic/claude-opus-5', '2026-07-24Z', 5000000, 25000000, 500000),
  ('google/gemini-3.1-pro', '2026-06-01Z', 2000000, 12000000, 200000),
  ('google/gemini-3.8-flash', '2026-09-01Z', 750000, 3750000, 75000),
  ('google/gemini-3.8-flash', '2027-01-01Z', 1500000, 7500000, 150000),
  ('together/openai/gpt-oss-120b', '2026-06-01Z', 150000, 600000, 150000),
  ('together/meta-llama/Llama-3.3-70B-Instruct-Turbo', '2026-06-01Z', 880000, 880000, 880000),
  ('cohere/command-a', '2025-03-13Z', 2500000, 10000000, 2500000),
  ('cohere/command-r', '2024-08-30Z', 150000, 600000, 150000),
  ('cohere/embed-v4.0', '2025-04-15Z', 120000, 0, 120000),
  ('perplexity/sonar', '2025-01-21Z', 1000000, 1000000, 1000000),
  ('perplexity/sonar-pro', '2025-01-21Z', 3000000, 15000000, 3000000);

-- A long prompt is dearer as a whole.
insert into integrations.vendor_prices (service_id, valid_from, from_prompt_tokens, input_micros_per_mtok, output_micros_per_mtok, cached_input_micros_per_mtok) values
  ('anthropic/claude-haiku', '2026-10-07Z', 100001, 500000, 2500000, 50000),
  ('google/gemini-3.1-pro', '2026-06-01Z', 200001, 4000000, 18000000, 400000);

-- For a character, and for an image.
insert into integrations.vendor_prices (service_id, valid_from, unit_micros) values
  ('elevenlabs/multilingual-v2', '2026-05-19Z', 100),
  ('elevenlabs/flash-v2.5', '2026-05-05Z', 50),
  ('stability/core', '2024-08-01Z', 30000),
  ('stability/ultra', '2024-08-01Z', 80000);
-- migrate:down
alter table integrations.vendor_prices disable trigger user;
delete from integrations.vendor_prices where service_id not like 'sandbox/%';
alter table integrations.vendor_prices enable trigger user;
delete from integrations.vendor_services where vendor_id <> 'sandbox';
delete from integrations.vendors where id <> 'sandbox';
