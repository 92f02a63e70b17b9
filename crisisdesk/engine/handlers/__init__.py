"""Which handler serves which command: the whole of what the engine can be asked, in one table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.engine import commands
from crisisdesk.engine.answer_commands import AnswerByCode, AnswerPage, ListMethods
from crisisdesk.engine.audit_commands import MindAudit
from crisisdesk.engine.contact_file import ImportContacts
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.correlation_commands import (
    AcceptCandidate,
    DismissCandidate,
    MindCandidates,
    ReopenCandidate,
)
from crisisdesk.engine.escalation_commands import (
    ListLateSteps,
    MindEscalations,
    MindUnattended,
    PublishPolicy,
    WithdrawPolicy,
)
from crisisdesk.engine.handlers import (
    alerts,
    answering,
    auditing,
    changes,
    claiming,
    confirming,
    contact_import,
    correlating,
    escalating,
    exchange,
    handing,
    heartbeats,
    holding,
    incidents,
    intake,
    loop_tests,
    outages,
    paging,
    people,
    policies,
    reaching,
    rerouting,
    rules,
    settling,
    silences,
    sources,
)
from crisisdesk.engine.heartbeat_commands import (
    DeclareHeartbeat,
    ListHeartbeats,
    NoteBeats,
    PauseHeartbeat,
    RemoveHeartbeat,
)
from crisisdesk.engine.hold_commands import (
    AcceptOffer,
    DeclineOffer,
    MindHolds,
    OfferAlert,
    RenewAlerts,
    WithdrawOffer,
)
from crisisdesk.engine.loop_commands import EndLoopTest, MindLoopTests, SetLoopTest
from crisisdesk.engine.outage_commands import AskReach, EndOutage, RerouteWaiting, SetOutage
from crisisdesk.engine.rule_commands import DeclareRule, ListRules, NoteFindings, RemoveRule
from crisisdesk.engine.silence_commands import LiftSilence, SetSilence
from crisisdesk.engine.source_commands import (
    DeclareSource,
    ListSources,
    NoteLooks,
    PauseSource,
    RemoveSource,
)
from crisisdesk.engine.workbench import Workbench

Handler = Callable[[Any, Workbench], Any]

HANDLERS: dict[type[commands.Command], Handler] = {
    commands.TakeIn: intake.take_in,
    RecordChanges: changes.record_changes,
    commands.Absorb: exchange.absorb,
    commands.NoteRejoin: exchange.note_rejoin,
    commands.CompactLog: exchange.compact_log,
    commands.InstallSnapshot: exchange.install_snapshot,
    commands.LeaveOrigin: exchange.leave_origin,
    commands.KeepHeads: exchange.keep_heads,
    commands.AnnounceStation: people.announce_station,
    commands.TellReachable: people.tell_reachable,
    commands.AcknowledgeAlerts: alerts.acknowledge_alerts,
    commands.UnacknowledgeAlerts: alerts.unacknowledge_alerts,
    commands.InvestigateAlert: handing.claim,
    RenewAlerts: holding.renew_alerts,
    OfferAlert: handing.offer_alert,
    AcceptOffer: handing.accept_offer,
    DeclineOffer: handing.decline_offer,
    WithdrawOffer: handing.withdraw_offer,
    MindHolds: holding.mind_holds,
    commands.ResolveAlert: alerts.resolve_alert,
    commands.CloseAlert: alerts.close_alert,
    commands.ReopenAlert: alerts.reopen_alert,
    commands.NoteAlert: alerts.note_alert,
    commands.EditAlert: alerts.edit_alert,
    commands.EscalateAlert: incidents.escalate_alert,
    commands.OpenIncident: incidents.open_incident,
    commands.ChangeIncidentStatus: incidents.change_incident_status,
    commands.ReopenIncident: incidents.reopen_incident,
    commands.EditIncident: incidents.edit_incident,
    commands.LinkAlert: incidents.link_alert,
    commands.PostUpdate: incidents.post_update,
    commands.EditUpdate: incidents.edit_update,
    commands.SaveContact: people.save_contact,
    ImportContacts: contact_import.import_contacts,
    commands.RemoveContact: people.remove_contact,
    commands.SendTestPage: paging.send_test_page,
    AnswerPage: answering.answer_page,
    AnswerByCode: answering.answer_by_code,
    ListMethods: answering.list_methods,
    SetSilence: silences.set_silence,
    LiftSilence: silences.lift_silence,
    commands.NameStation: people.name_station,
    commands.AskStationName: people.ask_station_name,
    commands.ChangeOperator: people.change_operator,
    commands.ConfirmSound: people.confirm_sound,
    commands.MindDueAlerts: alerts.mind_due_alerts,
    MindEscalations: escalating.mind_escalations,
    MindUnattended: escalating.mind_unattended,
    ListLateSteps: escalating.list_late_steps,
    PublishPolicy: policies.publish_policy,
    WithdrawPolicy: policies.withdraw_policy,
    MindCandidates: correlating.mind_candidates,
    AcceptCandidate: correlating.accept_candidate,
    DismissCandidate: correlating.dismiss_candidate,
    ReopenCandidate: correlating.reopen_candidate,
    SetOutage: outages.set_outage,
    EndOutage: outages.end_outage,
    AskReach: reaching.ask_reach,
    RerouteWaiting: rerouting.reroute_waiting,
    commands.ClaimDeliveries: claiming.claim_deliveries,
    commands.ChooseDeliveries: claiming.choose_deliveries,
    commands.JoinBundle: claiming.join_bundle,
    commands.ChooseJoining: claiming.choose_joining,
    commands.ListOverdue: claiming.list_overdue,
    commands.RecheckDelivery: settling.recheck_delivery,
    commands.RecheckBundle: settling.recheck_bundle,
    commands.ReleaseDelivery: settling.release_delivery,
    commands.SettleDelivery: settling.settle_delivery,
    commands.SettleBundled: settling.settle_bundled,
    commands.ListQuestions: confirming.list_questions,
    commands.NoteConfirmation: confirming.note_confirmation,
    DeclareHeartbeat: heartbeats.declare_heartbeat,
    PauseHeartbeat: heartbeats.pause_heartbeat,
    RemoveHeartbeat: heartbeats.remove_heartbeat,
    ListHeartbeats: heartbeats.list_heartbeats,
    NoteBeats: heartbeats.note_beats,
    DeclareSource: sources.declare_source,
    PauseSource: sources.pause_source,
    RemoveSource: sources.remove_source,
    ListSources: sources.list_sources,
    NoteLooks: sources.note_looks,
    DeclareRule: rules.declare_rule,
    RemoveRule: rules.remove_rule,
    ListRules: rules.list_rules,
    NoteFindings: rules.note_findings,
    SetLoopTest: loop_tests.set_loop_test,
    EndLoopTest: loop_tests.end_loop_test,
    MindLoopTests: loop_tests.mind_loop_tests,
    MindAudit: auditing.mind_audit,
}
