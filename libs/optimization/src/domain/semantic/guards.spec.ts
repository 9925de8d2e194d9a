import { gistOf } from './gist.js';
import { difference } from './guards.js';

describe('two questions', () => {
  it.each([
    ['How do I reset my password?', 'how can i reset my password'],
    ['Please tell me: what is a foreign key?', "What's a foreign key?"],
    ['Can you explain what a closure is?', 'Explain closures'],
    ['How do I reverse a string in Python?', 'In Python, how do I reverse a string?'],
    ['What is the difference between TCP and UDP?', "What's the difference between UDP and TCP?"],
    ['Is it possible to freeze cooked rice?', 'Can I freeze cooked rice?'],
    ['I can’t log in to my account', 'I am unable to log in to my account'],
    ['What is the best way to descale a kettle?', 'How should I descale a kettle?'],
    ['How do I connect it via Bluetooth?', 'How do I connect it using Bluetooth?'],
    ['How many eggs are in a dozen?', 'how many eggs are in the dozen'],
    ['Wie alt ist der Rhein?', 'Wie alt ist der Rhein'],
  ])('are the same: %s / %s', (a, b) => {
    expect(difference(gistOf(a), gistOf(b))).toBeNull();
    expect(difference(gistOf(b), gistOf(a))).toBeNull();
  });

  it.each([
    ['language', 'How do I reset it?', 'Как мне это сбросить?'],
    ['quoted', 'What does "affect" mean?', 'What does "effect" mean?'],
    ['quoted', "What does the word 'bank' mean?", "What does the word 'bench' mean?"],
    ['quoted', 'What is at https://example.com/a?', 'What is at https://example.com/b?'],
    ['quoted', 'Who is me@example.com?', 'Who is you@example.com?'],
    ['quoted', 'What does grep -v do?', 'What does grep -V do?'],
    ['quoted', 'How do I call user.save()?', 'How do I call user.load()?'],
    ['number', 'What happened in 1914?', 'What happened in 1941?'],
    ['number', 'Is 5 more than 3?', 'Is 5 more than 3.5?'],
    ['number', 'How do I cook two eggs?', 'How do I cook four eggs?'],
    ['order', 'How do I convert 5 km to 3 miles?', 'How do I convert 3 km to 5 miles?'],
    ['negation', 'Which files are included?', 'Which files are not included?'],
    ['negation', "Why doesn't it start?", 'Why does it start?'],
    ['negation', 'Is it legal to park here?', 'Is it illegal to park here?'],
    ['negation', 'How do I bake it with yeast?', 'How do I bake it without yeast?'],
    ['negation', 'Ist das erlaubt?', 'Ist das nicht erlaubt?'],
    ['name', 'Do I need a visa for Brazil?', 'Do I need a visa for China?'],
    ['name', 'What is plan A?', 'What is plan B?'],
    ['name', 'What does US mean?', 'What does WHO mean?'],
    ['word', 'how do i enable it?', 'how do i disable it?'],
    ['word', 'What do I do before lunch?', 'What do I do after lunch?'],
    ['word', 'How do I turn it on?', 'How do I turn it off?'],
    ['word', 'What is in the box?', 'What is on the box?'],
    ['word', 'How do I book a plane?', 'How do I book a plan?'],
    ['word', 'How do I reset it?', 'How do I reset it on a tablet?'],
    ['word', 'Wie alt ist der Rhein?', 'Wie alt ist die Elbe?'],
    ['order', 'Can a landlord sue a tenant?', 'Can a tenant sue a landlord?'],
    ['order', 'Berlin to Munich?', 'Munich to Berlin?'],
    ['order', 'Who does Peter like?', 'Who likes Peter?'],
    ['asked', 'When was it made?', 'Where was it made?'],
    ['asked', 'Can I park here?', 'Should I park here?'],
    ['asked', 'Who is the president?', 'Who was the president?'],
    ['asked', 'Did Anna call?', 'Was Anna called?'],
    ['person', 'What is your name?', 'What is my name?'],
    ['person', 'Who can I invite?', 'Who can invite?'],
  ])('differ by %s: %s / %s', (guard, a, b) => {
    const found = [difference(gistOf(a), gistOf(b)), difference(gistOf(b), gistOf(a))];
    const usual = guard === 'name' || guard === 'word' ? ['name', 'word'] : [guard];

    found.forEach(one => expect(usual).toContain(one));
  });
});
