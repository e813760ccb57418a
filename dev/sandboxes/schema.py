"""The tables of the sandboxes' state file."""

from __future__ import annotations

SCHEMA = """
create table if not exists setting (name text primary key, value text not null);
create table if not exists access_token (
    token text primary key, app text not null, made_at real not null, expires_at real not null,
    revoked integer not null default 0);
create table if not exists call_made (name text not null, at real not null);
create index if not exists call_made_at on call_made (name, at);
create index if not exists call_made_age on call_made (at);
create table if not exists nonce_seen (name text not null, nonce text not null, at real not null,
    primary key (name, nonce));

create table if not exists callback (
    callback_id integer primary key autoincrement, target text not null, sender text not null, body text not null,
    made_at real not null, next_at real, attempt integer not null default 0, is_held integer not null default 0,
    twice text not null default '', taken_at real);
create index if not exists callback_due on callback (next_at) where next_at is not null;
create table if not exists callback_try (
    callback_id integer not null, at real not null, seconds real not null, spoil text not null, status integer,
    said text not null);
create index if not exists callback_try_of on callback_try (callback_id);

create table if not exists chat (
    chat_id integer primary key autoincrement, server text not null, app text not null, holder text not null,
    is_ours integer not null, kind text not null, content text not null, at real not null, state text not null);
create index if not exists chat_of on chat (server, app, holder, chat_id);
create table if not exists oauth_code (
    code text primary key, app text not null, scope text not null, holder text not null, made_at real not null,
    used_at real);
create table if not exists media (
    media_id text primary key, app text not null, kind text not null, name text not null, mime text not null,
    content blob not null, made_at real not null);

create table if not exists wechat_user (
    person text primary key, unionid text not null unique, openid text not null unique,
    phone text, nickname text not null);
create table if not exists wechat_code (
    code text primary key, kind text not null, openid text not null, phone text,
    made_at real not null, used_at real);
create table if not exists wechat_follower (
    app text not null, openid text not null, person text not null, followed_at real, scene text not null,
    how text not null, primary key (app, openid));
create table if not exists wechat_consent (
    app text not null, openid text not null, template_id text not null, left_count integer not null,
    is_refused integer not null, primary key (app, openid, template_id));
create table if not exists wechat_dialog (
    dialog_id text primary key, app text not null, openid text not null, template_ids text not null, answer text,
    made_at real not null);
create table if not exists wechat_window (
    app text not null, openid text not null, cause text not null, closes_at real not null, left_count integer not null);
create table if not exists wechat_qr (
    ticket text primary key, app text not null, scene text not null, url text not null unique, expires_at real);
create table if not exists wechat_link (
    link text primary key, app text not null, kind text not null, path text not null, query text not null,
    expires_at real);

create table if not exists alipay_user (
    person text primary key, user_id text not null unique, followed_at real);
create table if not exists vendor_device (
    token text primary key, vendor text not null, person text not null, gone_at real);

create table if not exists wecom_member (
    server text not null, userid text not null collate nocase, name text not null, mobile text not null, email text not null,
    departments text not null, position text not null, primary key (server, userid));
create table if not exists wecom_department (
    server text not null, id integer not null, name text not null, parent_id integer not null, sort integer not null,
    primary key (server, id));
create table if not exists wecom_message (
    msgid text primary key, server text not null, digest text not null, asked text not null, made_at real not null,
    chat_ids text not null, recalled_at real);
create index if not exists wecom_message_same on wecom_message (server, digest, made_at);
create table if not exists wecom_card_code (
    response_code text primary key, msgid text not null, made_at real not null, used_at real);
create table if not exists wecom_way (
    config_id text primary key, server text not null, asked text not null);
create table if not exists wecom_customer (
    server text not null, external_userid text not null, person text not null, userid text not null, state text not null,
    added_at real not null, welcome_code text unique, welcomed_at real, primary key (server, external_userid, userid));
create table if not exists kf_account (
    open_kfid text primary key, server text not null, name text not null);
create table if not exists kf_message (
    seq integer primary key autoincrement, server text not null, msgid text not null, open_kfid text not null,
    external_userid text not null, origin integer not null, msgtype text not null, content text not null,
    at real not null, unique (server, msgid));
create table if not exists kf_session (
    server text not null, open_kfid text not null, external_userid text not null, state integer not null,
    servicer text not null, closes_at real not null, left_count integer not null,
    primary key (server, open_kfid, external_userid));

create table if not exists sms_message (
    message_id text primary key, phone text not null, sign_name text not null, template_id text not null,
    variables text not null, text text not null, context text not null, sent_at real not null);
create index if not exists sms_message_phone on sms_message (phone, sent_at);

create table if not exists mail (
    mail_id integer primary key autoincrement, sender text not null, receivers text not null, raw blob not null,
    at real not null);

create table if not exists push_subscription (
    push_id text primary key, person text not null, private_key text not null, auth text not null,
    application_key text not null, made_at real not null, gone_at real);
create table if not exists push_message (
    message_id text primary key, push_id text not null, topic text not null, urgency text not null,
    text text not null, problem text not null, at real not null);

create table if not exists real_name_person (resident_id text primary key, name text not null);
create table if not exists real_name_call (resident_id text not null, at real not null);

create table if not exists pay_order (
    out_trade_no text primary key, trade_type text not null, prepay_id text not null unique, prepay_at real not null,
    asked text not null, description text not null, total integer not null, openid text, notify_url text not null,
    attach text, expires_at real, state text not null, transaction_id text unique, paid_at real, payer_openid text);
create table if not exists pay_refund (
    out_refund_no text primary key, refund_id text not null unique, out_trade_no text not null, asked text not null,
    refund integer not null, total integer not null, reason text, notify_url text, state text not null,
    made_at real not null, due_at real not null, done_at real);
create table if not exists pay_notice (
    notice_id text primary key, event_type text not null, url text not null, summary text not null,
    resource_type text not null, resource text not null, made_at real not null, next_at real, attempt integer not null,
    taken_at real, twice integer not null default 0);
create index if not exists pay_notice_due on pay_notice (next_at) where next_at is not null;
"""
