//! An agent's socket: first a snapshot, then the changes, for as long as the account's session is
//! valid.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::extract::ws::WebSocket;
use tokio::{
    sync::watch,
    time::{Interval, interval},
};

use super::{
    api_error::ApiError,
    assets::build,
    connections, desk_views,
    frame_command::{FrameCommand, PAGE, control, no_hello, told, too_many, with_id},
    socket::{self, End, drained},
    views,
    wire::{
        AgentFrame, AgentStatusView, Close, ErrorCode, FrameToAgent, OwnConversation, PROTOCOL,
    },
};
use crate::dialogue::{AgentAct, Input, Owner};
use crate::handoff::{DeskChange, DeskUpdate};
use crate::journal::{AgentId, ConversationId, Record};
use crate::service::{Clock, Command, DeskView, FrameKind, Inbox, Service, ServiceError};

/// A conversation's records are sent up to this many bytes at once. The client requests older ones
/// with `history`.
const PAGE_BYTES: usize = 32 * 1024;

/// Pause between two desk frames to a console. Changes meanwhile go into one frame, so that a
/// thousand arrivals at once make only a few frames.
const DESK_PACE: Duration = Duration::from_millis(100);

/// A disabled account, or one with a new password, is signed out after this time at the latest. Its
/// frames are refused at once.
const RECHECK: Duration = Duration::from_secs(15);

/// Runs the session until either side ends it.
pub(crate) async fn run(
    mut socket: WebSocket,
    service: Arc<Service>,
    slot: Arc<connections::ConnectionSlot>,
) {
    let mut draining = service.draining();
    let signed_in = tokio::select! {
        signed_in = sign_in(&mut socket, &service) => signed_in,
        () = drained(&mut draining) => Err(End::Closed(Close::Restart)),
    };
    let end = match signed_in {
        Ok(mut session) => {
            slot.signed_in();
            let end = session.serve(&mut socket).await;
            session.service.presence.disconnect(session.agent, &session.inbox).await;
            end
        }
        Err(end) => end,
    };
    socket::close(socket, end, "agent").await;
}

/// Waits for the first frame, which must be a `hello` of this version. Returns its token.
async fn hello(socket: &mut WebSocket) -> Result<String, End> {
    let (error, ids) = match socket::first(socket).await? {
        Ok(AgentFrame::Hello { protocol: PROTOCOL, token }) => return Ok(token),
        Ok(AgentFrame::Hello { protocol, .. }) => (no_hello(Some(protocol.into())), (None, None)),
        Ok(other) => (no_hello(None), ids(&other)),
        Err(bad) => (no_hello(bad.protocol), (bad.client_id, bad.conversation)),
    };
    refuse(socket, error, ids.0, ids.1).await?;
    Err(End::Closed(Close::BadHello))
}

async fn sign_in(socket: &mut WebSocket, service: &Arc<Service>) -> Result<AgentSession, End> {
    let token = hello(socket).await?;
    let row = match service.accounts.agent(&token).await {
        Ok(Some(row)) => row,
        Ok(None) => return Err(End::Closed(Close::Unauthorized)),
        Err(error) => {
            refuse(socket, error.into(), None, None).await?;
            return Err(End::Closed(Close::Fault));
        }
    };
    // The snapshot of the desk and of all own conversations costs more than any other frame.
    if let Err(overrun) = service.agent_frames.take(&row.id, FrameKind::Hello) {
        refuse(socket, too_many(overrun)?, None, None).await?;
        return Err(End::Closed(Close::Slow));
    }
    let view = service.presence.view();
    let changes = view.changes();
    let (inbox, owned) = service.presence.connect(row.id, &row.name).await;
    Ok(AgentSession {
        desk: DeskShown { view, changes, seq: 0, looked: 0, not_before: Duration::ZERO },
        owned,
        draining: service.draining(),
        service: service.clone(),
        agent: row.id,
        name: row.name,
        token,
        inbox,
        sent: BTreeMap::new(),
        recheck: interval(RECHECK),
    })
}

async fn refuse(
    socket: &mut WebSocket,
    error: ApiError,
    client_id: Option<String>,
    conversation: Option<ConversationId>,
) -> Result<(), End> {
    socket::send(socket, &FrameToAgent::Error(views::refused(error, client_id, conversation))).await
}

struct AgentSession {
    service: Arc<Service>,
    agent: AgentId,
    name: String,
    token: String,
    inbox: Arc<Inbox>,
    desk: DeskShown,
    /// Conversations that the agent owned when the session began.
    owned: Vec<ConversationId>,
    draining: watch::Receiver<bool>,
    /// Own conversations that the client has open, and the `seq` of the last record sent of each.
    sent: BTreeMap<ConversationId, u64>,
    recheck: Interval,
}

/// The desk as the client has seen it.
struct DeskShown {
    view: Arc<DeskView>,
    changes: watch::Receiver<u64>,
    /// The last `desk_seq` that the client got.
    seq: u64,
    /// The last `desk_seq` that was checked: nothing between the two concerned this client.
    looked: u64,
    /// The elapsed time before which no other change is sent.
    not_before: Duration,
}

impl DeskShown {
    /// Waits until there is a change to send. Cancel safe.
    async fn changed(&mut self, clock: &Clock) {
        clock.sleep_until(self.not_before).await;
        if self.changes.changed().await.is_err() {
            // The desk ends only with the server, and the session learns that another way.
            std::future::pending::<()>().await;
        }
    }
}

impl AgentSession {
    async fn serve(&mut self, socket: &mut WebSocket) -> End {
        let mut done = self.send_snapshot(socket).await;
        while done.is_ok() {
            done = self.serve_one(socket).await;
        }
        done.err().unwrap_or(End::Gone)
    }

    async fn serve_one(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        tokio::select! {
            frame = socket::next(socket, || {
                control(self.service.agent_frames.take(&self.agent, FrameKind::Ping))
            }) => self.take(socket, frame?).await,
            changed = self.inbox.changed() => {
                for conversation in changed {
                    self.send_changed(socket, conversation).await?;
                }
                Ok(())
            }
            () = self.desk.changed(&self.service.clock) => self.send_desk_news(socket).await,
            _ = self.recheck.tick() => self.check_account().await,
            () = drained(&mut self.draining) => {
                let retry_after_ms = self.service.retry_after_ms();
                socket::send(socket, &FrameToAgent::Draining { retry_after_ms }).await?;
                Err(End::Closed(Close::Restart))
            }
        }
    }

    async fn send_snapshot(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let mut conversations = Vec::new();
        for conversation in std::mem::take(&mut self.owned) {
            if let Some(open) = self.open(&conversation).await? {
                conversations.push(open);
            }
        }
        let desk = self.desk.view.snapshot(self.agent);
        let snapshot = FrameToAgent::Snapshot {
            protocol: PROTOCOL,
            name: self.name.clone(),
            status: desk_views::status(desk.status),
            build: build(),
            conversations,
        };
        socket::send(socket, &snapshot).await?;
        self.send_desk(socket).await
    }

    async fn send_desk(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        self.desk.changes.mark_unchanged();
        let desk = self.desk.view.snapshot(self.agent);
        (self.desk.seq, self.desk.looked) = (desk.desk_seq, desk.desk_seq);
        socket::send(socket, &desk_views::whole(desk, self.agent)).await
    }

    async fn send_desk_news(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        self.desk.changes.mark_unchanged();
        self.desk.not_before = self.service.clock.elapsed() + DESK_PACE;
        let frame = match self.desk.view.news(self.agent, self.desk.looked) {
            DeskUpdate::Nothing { desk_seq } => {
                self.desk.looked = desk_seq;
                return Ok(());
            }
            DeskUpdate::Change(change) => {
                let change = DeskChange { prev: self.desk.seq, ..change };
                (self.desk.seq, self.desk.looked) = (change.desk_seq, change.desk_seq);
                desk_views::change(change, self.agent)
            }
            DeskUpdate::Whole(desk) => {
                (self.desk.seq, self.desk.looked) = (desk.desk_seq, desk.desk_seq);
                desk_views::whole(desk, self.agent)
            }
        };
        socket::send(socket, &frame).await
    }

    /// Reads an own conversation for the client; `None` if the agent no longer owns it.
    async fn open(&mut self, id: &ConversationId) -> Result<Option<OwnConversation>, End> {
        let Ok(head) = self.service.conversations.head(id).await else {
            return Err(End::Closed(Close::Fault));
        };
        let head = head.borrow().clone();
        if head.owner != Owner::Agent(self.agent) {
            return Ok(None);
        }
        let after = head.seq.saturating_sub(PAGE as u64);
        let records = newest(self.read(id, after).await?);
        let contacts = self.service.conversations.contacts(id).await;
        let Ok(contacts) = contacts else { return Err(End::Closed(Close::Fault)) };
        self.sent.insert(id.clone(), records.last().map_or(after, |record| record.seq));
        Ok(Some(OwnConversation {
            conversation: id.clone(),
            epoch: head.epoch,
            records: records.into_iter().map(|r| views::for_agent(r, &self.service)).collect(),
            contacts,
        }))
    }

    async fn read(&self, id: &ConversationId, after: u64) -> Result<Vec<Record>, End> {
        let read = self.service.conversations.records_after(id, after, PAGE).await;
        read.map_err(|_| End::Closed(Close::Fault))
    }

    /// Sends the changes of a conversation that the agent owns, owned or has just got.
    async fn send_changed(
        &mut self,
        socket: &mut WebSocket,
        id: ConversationId,
    ) -> Result<(), End> {
        let Ok(head) = self.service.conversations.head(&id).await else {
            return Err(End::Closed(Close::Fault));
        };
        let head = head.borrow().clone();
        let is_own = head.owner == Owner::Agent(self.agent);
        let Some(&sent) = self.sent.get(&id) else {
            return match self.open(&id).await? {
                Some(open) => socket::send(socket, &FrameToAgent::Opened(open)).await,
                None => Ok(()),
            };
        };
        let mut sent = sent;
        while sent < head.seq {
            for record in self.read(&id, sent).await? {
                sent = record.seq;
                let record = FrameToAgent::Record {
                    conversation: id.clone(),
                    epoch: head.epoch,
                    record: views::for_agent(record, &self.service),
                };
                socket::send(socket, &record).await?;
            }
        }
        self.sent.insert(id.clone(), sent);
        if !is_own {
            self.sent.remove(&id);
            socket::send(socket, &FrameToAgent::Released { conversation: id }).await?;
        }
        Ok(())
    }

    async fn take(
        &mut self,
        socket: &mut WebSocket,
        frame: socket::Incoming<AgentFrame>,
    ) -> Result<(), End> {
        let (kind, (client_id, conversation)) = match &frame {
            Ok(frame @ AgentFrame::Ping {}) => (FrameKind::Ping, ids(frame)),
            Ok(frame) => (FrameKind::Work, ids(frame)),
            Err(bad) => (FrameKind::Work, (bad.client_id.clone(), bad.conversation.clone())),
        };
        // The limit comes first: a refused frame must not cost a read of the store.
        if let Err(overrun) = self.service.agent_frames.take(&self.agent, kind) {
            return refuse(socket, too_many(overrun)?, client_id, conversation).await;
        }
        self.check_account().await?;
        let frame = match frame {
            Ok(frame) => frame,
            Err(bad) => return refuse(socket, bad.error, client_id, conversation).await,
        };
        match frame {
            AgentFrame::Ping {} => {
                self.service.presence.ping(self.agent).await;
                socket::send(socket, &FrameToAgent::Pong {}).await
            }
            AgentFrame::Desk {} => self.send_desk(socket).await,
            AgentFrame::Status { status } => {
                self.service
                    .presence
                    .set_status(self.agent, status == AgentStatusView::Ready)
                    .await;
                Ok(())
            }
            AgentFrame::History { conversation, before_seq } => {
                self.send_history(socket, conversation, before_seq).await
            }
            frame @ (AgentFrame::Hello { .. }
            | AgentFrame::Accept { .. }
            | AgentFrame::Decline { .. }
            | AgentFrame::Send { .. }
            | AgentFrame::ReturnToBot { .. }
            | AgentFrame::Close { .. }) => self.act(socket, frame).await,
        }
    }

    /// An account that was disabled or got a new password has lost its sessions.
    async fn check_account(&self) -> Result<(), End> {
        match self.service.accounts.agent(&self.token).await {
            Ok(None) => Err(End::Closed(Close::Unauthorized)),
            // While nothing can be read, the last known state holds.
            Ok(Some(_)) | Err(_) => Ok(()),
        }
    }

    async fn send_history(
        &mut self,
        socket: &mut WebSocket,
        conversation: ConversationId,
        before_seq: u64,
    ) -> Result<(), End> {
        if !self.sent.contains_key(&conversation) {
            let error = ApiError::new(ErrorCode::NotOwner, "the conversation is not yours");
            return refuse(socket, error, None, Some(conversation)).await;
        }
        let after = before_seq.saturating_sub(PAGE as u64 + 1);
        let records = self.read(&conversation, after).await?;
        let records = newest(records.into_iter().filter(|r| r.seq < before_seq).collect());
        let records =
            records.into_iter().map(|record| views::for_agent(record, &self.service)).collect();
        socket::send(socket, &FrameToAgent::History { conversation, records }).await
    }

    async fn act(&mut self, socket: &mut WebSocket, frame: AgentFrame) -> Result<(), End> {
        let (conversation, asked) = act(frame, self.agent);
        let (command, client_id) = match asked {
            Ok(asked) => asked,
            Err((error, client_id)) => {
                return refuse(socket, error, client_id, conversation).await;
            }
        };
        let Some(conversation) = conversation else { return Ok(()) };
        let unknown = match self.service.conversations.is_known(&conversation).await {
            Ok(true) => None,
            Ok(false) => {
                Some(ApiError::new(ErrorCode::UnknownConversation, "no such conversation"))
            }
            Err(error) => Some(error.into()),
        };
        if let Some(error) = unknown {
            return refuse(socket, error, client_id, Some(conversation)).await;
        }
        match (self.service.presence.act(&conversation, command).await, client_id) {
            (Ok(taken), Some(client_id)) => {
                let found = views::found_notes(taken.found);
                let ack = FrameToAgent::Ack { conversation, client_id, seq: taken.seq, found };
                socket::send(socket, &ack).await
            }
            (Ok(_), None) => Ok(()),
            (Err(ServiceError::Wording(found)), client_id) => {
                let error = ServiceError::Wording(Vec::new()).into();
                let mut refused = views::refused(error, client_id, Some(conversation));
                refused.found = views::found_notes(found);
                socket::send(socket, &FrameToAgent::Error(refused)).await
            }
            (Err(error), client_id) => {
                refuse(socket, error.into(), client_id, Some(conversation)).await
            }
        }
    }
}

/// The newest of these records, up to a page in bytes; at least one.
fn newest(records: Vec<Record>) -> Vec<Record> {
    let mut bytes = 0;
    let kept = records.iter().rev().take_while(|record| {
        let is_first = bytes == 0;
        bytes += serde_json::to_string(record).map_or(PAGE_BYTES, |json| json.len());
        is_first || bytes <= PAGE_BYTES
    });
    let skipped = records.len() - kept.count();
    records.into_iter().skip(skipped).collect()
}

/// The frame's own id, if it is valid, and the conversation that the frame names.
fn ids(frame: &AgentFrame) -> (Option<String>, Option<ConversationId>) {
    match frame {
        AgentFrame::Send { conversation, client_id, .. } => {
            (told(client_id), Some(conversation.clone()))
        }
        AgentFrame::Accept { conversation, .. }
        | AgentFrame::Decline { conversation }
        | AgentFrame::ReturnToBot { conversation, .. }
        | AgentFrame::Close { conversation, .. }
        | AgentFrame::History { conversation, .. } => (None, Some(conversation.clone())),
        AgentFrame::Hello { .. }
        | AgentFrame::Status { .. }
        | AgentFrame::Desk {}
        | AgentFrame::Ping {} => (None, None),
    }
}

fn act(frame: AgentFrame, agent: AgentId) -> (Option<ConversationId>, FrameCommand) {
    let does = |epoch, act| Command::from(Input::Agent { agent, epoch, act });
    match frame {
        AgentFrame::Accept { conversation, epoch } => {
            (Some(conversation), Ok((does(epoch, AgentAct::Accepts), None)))
        }
        // An agent may let an offer pass in any state of the conversation.
        AgentFrame::Decline { conversation } => {
            (Some(conversation), Ok((does(0, AgentAct::Declines), None)))
        }
        AgentFrame::Send { conversation, epoch, client_id, text } => {
            let says = |client_id| does(epoch, AgentAct::Says { client_id, text: text.into() });
            let asked = with_id(&conversation, client_id, says);
            (Some(conversation), asked)
        }
        AgentFrame::ReturnToBot { conversation, epoch } => {
            (Some(conversation), Ok((does(epoch, AgentAct::ReturnsToBot), None)))
        }
        AgentFrame::Close { conversation, epoch } => {
            (Some(conversation), Ok((does(epoch, AgentAct::Closes), None)))
        }
        AgentFrame::Hello { .. }
        | AgentFrame::Status { .. }
        | AgentFrame::History { .. }
        | AgentFrame::Desk {}
        | AgentFrame::Ping {} => {
            let error =
                ApiError::new(ErrorCode::BadFrame, "hello must be the first frame, and sent once");
            (None, Err((error, None)))
        }
    }
}
